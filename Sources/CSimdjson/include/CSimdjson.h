#pragma once
// A JSON document as one flat array of nodes, so that Swift reads it without a call per field.
// Made by simdjson; strings are unescaped, valid UTF-8, and stand in memory of the parser until its next parse.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    KAPWA_JSON_NULL = 0,
    KAPWA_JSON_FALSE = 1,
    KAPWA_JSON_TRUE = 2,
    /// `number` is the value.
    KAPWA_JSON_INTEGER = 3,
    /// `number` holds the bits of a double: written with fraction or exponent, or above the signed 64-bit range.
    KAPWA_JSON_DOUBLE = 4,
    /// `string` and `length`.
    KAPWA_JSON_STRING = 5,
    /// `length` elements follow.
    KAPWA_JSON_ARRAY = 6,
    /// `length` fields follow, no key twice.
    KAPWA_JSON_OBJECT = 7,
};

enum {
    KAPWA_JSON_OK = 0,
    KAPWA_JSON_EMPTY = 1,
    KAPWA_JSON_UTF8 = 2,
    KAPWA_JSON_STRING_BAD = 3,
    KAPWA_JSON_NUMBER_BAD = 4,
    KAPWA_JSON_SYNTAX = 5,
    KAPWA_JSON_DEPTH = 6,
    KAPWA_JSON_REPEATED_KEY = 7,
    KAPWA_JSON_NUL = 8,
    /// More nodes or bytes than the caller allows.
    KAPWA_JSON_TOO_LARGE = 9,
    KAPWA_JSON_MEMORY = 10,
};

typedef struct {
    /// The field's name; null for elements and for the root.
    const uint8_t *key;
    /// The text of a string.
    const uint8_t *string;
    int64_t number;
    uint32_t key_length;
    /// Bytes of a string, children of an array or object.
    uint32_t length;
    /// Nodes of this value with all below it: the next sibling stands that far behind.
    uint32_t span;
    uint32_t type;
} kapwa_json_node;

typedef struct kapwa_json_parser kapwa_json_parser;

/// One per thread. Null when memory is out.
kapwa_json_parser *kapwa_json_parser_create(void);
void kapwa_json_parser_destroy(kapwa_json_parser *parser);

/// Parses one document; `*nodes` is its root and stays valid until the next call. Any bytes are safe.
/// Allocates only while documents grow beyond all earlier ones.
int32_t kapwa_json_parse(
    kapwa_json_parser *parser, const void *bytes, size_t length, uint32_t depth_max, uint32_t nodes_max,
    const kapwa_json_node **nodes);

/// With KAPWA_JSON_REPEATED_KEY: the key, for the message; not terminated.
const uint8_t *kapwa_json_repeated_key(const kapwa_json_parser *parser, size_t *length);

#ifdef __cplusplus
}
#endif
