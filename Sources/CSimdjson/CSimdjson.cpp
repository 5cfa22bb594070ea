#include "CSimdjson.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>
#include <vector>

namespace dom = simdjson::dom;

struct kapwa_json_parser {
    dom::parser parser;
    // The document with simdjson's padding behind it.
    std::vector<uint8_t> input;
    std::vector<kapwa_json_node> nodes;
    // Keys of the objects that are open right now, the innermost last.
    std::vector<std::string_view> keys;
    std::string_view repeated;
    uint32_t depth_max = 0;
    uint32_t nodes_max = 0;
};

namespace {

// Up to this many keys are compared pair by pair; more are sorted.
constexpr size_t pairwise_max = 12;

int32_t status(simdjson::error_code error) {
    switch (error) {
        case simdjson::SUCCESS: return KAPWA_JSON_OK;
        case simdjson::EMPTY: return KAPWA_JSON_EMPTY;
        case simdjson::UTF8_ERROR: return KAPWA_JSON_UTF8;
        case simdjson::STRING_ERROR:
        case simdjson::UNESCAPED_CHARS: return KAPWA_JSON_STRING_BAD;
        case simdjson::NUMBER_ERROR: return KAPWA_JSON_NUMBER_BAD;
        case simdjson::DEPTH_ERROR: return KAPWA_JSON_DEPTH;
        case simdjson::CAPACITY: return KAPWA_JSON_TOO_LARGE;
        case simdjson::MEMALLOC: return KAPWA_JSON_MEMORY;
        default: return KAPWA_JSON_SYNTAX;
    }
}

bool shorter_or_before(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return left.size() < right.size();
    return std::memcmp(left.data(), right.data(), left.size()) < 0;
}

bool has_nul(std::string_view text) {
    return !text.empty() && std::memchr(text.data(), 0, text.size()) != nullptr;
}

// Whether a key stands twice among those from `first` on. Reorders them.
bool repeats(kapwa_json_parser &state, size_t first) {
    auto begin = state.keys.begin() + static_cast<std::ptrdiff_t>(first);
    auto end = state.keys.end();
    if (state.keys.size() - first > pairwise_max) {
        std::sort(begin, end, shorter_or_before);
        auto twin = std::adjacent_find(begin, end);
        if (twin == end) return false;
        state.repeated = *twin;
        return true;
    }
    for (auto one = begin; one != end; ++one) {
        if (std::find(begin, one, *one) == one) continue;
        state.repeated = *one;
        return true;
    }
    return false;
}

int32_t flatten(kapwa_json_parser &state, dom::element element, std::string_view key, uint32_t depth);

int32_t flatten_array(kapwa_json_parser &state, dom::array array, size_t index, uint32_t depth) {
    uint32_t count = 0;
    for (dom::element child : array) {
        if (int32_t error = flatten(state, child, {}, depth + 1)) return error;
        count++;
    }
    state.nodes[index].length = count;
    return KAPWA_JSON_OK;
}

int32_t flatten_object(kapwa_json_parser &state, dom::object object, size_t index, uint32_t depth) {
    const size_t first = state.keys.size();
    uint32_t count = 0;
    for (dom::key_value_pair field : object) {
        if (has_nul(field.key)) return KAPWA_JSON_NUL;
        state.keys.push_back(field.key);
        if (int32_t error = flatten(state, field.value, field.key, depth + 1)) return error;
        count++;
    }
    state.nodes[index].length = count;
    if (repeats(state, first)) return KAPWA_JSON_REPEATED_KEY;
    state.keys.resize(first);
    return KAPWA_JSON_OK;
}

int32_t flatten_value(kapwa_json_parser &state, dom::element element, size_t index, uint32_t depth) {
    kapwa_json_node &node = state.nodes[index];
    switch (element.type()) {
        case dom::element_type::NULL_VALUE: node.type = KAPWA_JSON_NULL; break;
        case dom::element_type::BOOL:
            node.type = element.get_bool().value_unsafe() ? KAPWA_JSON_TRUE : KAPWA_JSON_FALSE;
            break;
        case dom::element_type::INT64:
            node.type = KAPWA_JSON_INTEGER;
            node.number = element.get_int64().value_unsafe();
            break;
        case dom::element_type::UINT64:
        case dom::element_type::DOUBLE: {
            node.type = KAPWA_JSON_DOUBLE;
            const double value = element.get_double().value_unsafe();
            std::memcpy(&node.number, &value, sizeof value);
            break;
        }
        case dom::element_type::STRING: {
            const std::string_view text = element.get_string().value_unsafe();
            if (has_nul(text)) return KAPWA_JSON_NUL;
            node.type = KAPWA_JSON_STRING;
            node.string = reinterpret_cast<const uint8_t *>(text.data());
            node.length = static_cast<uint32_t>(text.size());
            break;
        }
        case dom::element_type::ARRAY:
            node.type = KAPWA_JSON_ARRAY;
            return flatten_array(state, element.get_array().value_unsafe(), index, depth);
        case dom::element_type::OBJECT:
            node.type = KAPWA_JSON_OBJECT;
            return flatten_object(state, element.get_object().value_unsafe(), index, depth);
    }
    return KAPWA_JSON_OK;
}

int32_t flatten(kapwa_json_parser &state, dom::element element, std::string_view key, uint32_t depth) {
    if (state.nodes.size() >= state.nodes_max) return KAPWA_JSON_TOO_LARGE;
    const bool nests = element.is_array() || element.is_object();
    if (nests && depth > state.depth_max) return KAPWA_JSON_DEPTH;
    const size_t index = state.nodes.size();
    kapwa_json_node node{};
    node.key = reinterpret_cast<const uint8_t *>(key.data());
    node.key_length = static_cast<uint32_t>(key.size());
    state.nodes.push_back(node);
    const int32_t error = flatten_value(state, element, index, depth);
    state.nodes[index].span = static_cast<uint32_t>(state.nodes.size() - index);
    return error;
}

}  // namespace

kapwa_json_parser *kapwa_json_parser_create(void) { return new (std::nothrow) kapwa_json_parser(); }

void kapwa_json_parser_destroy(kapwa_json_parser *parser) { delete parser; }

int32_t kapwa_json_parse(
    kapwa_json_parser *state, const void *bytes, size_t length, uint32_t depth_max, uint32_t nodes_max,
    const kapwa_json_node **nodes) {
    *nodes = nullptr;
    if (length == 0) return KAPWA_JSON_EMPTY;
    try {
        // simdjson reads some bytes beyond the end; they must be ours.
        const size_t padded = length + simdjson::SIMDJSON_PADDING;
        if (state->input.size() < padded) state->input.resize(padded);
        std::memcpy(state->input.data(), bytes, length);
        std::memset(state->input.data() + length, 0, simdjson::SIMDJSON_PADDING);
        state->nodes.clear();
        state->keys.clear();
        state->repeated = {};
        state->depth_max = depth_max;
        state->nodes_max = nodes_max;
        dom::element root;
        if (auto error = state->parser.parse(state->input.data(), length, false).get(root)) return status(error);
        const int32_t error = flatten(*state, root, {}, 1);
        if (error == KAPWA_JSON_OK) *nodes = state->nodes.data();
        return error;
    } catch (const std::bad_alloc &) {
        return KAPWA_JSON_MEMORY;
    }
}

const uint8_t *kapwa_json_repeated_key(const kapwa_json_parser *parser, size_t *length) {
    *length = parser->repeated.size();
    return reinterpret_cast<const uint8_t *>(parser->repeated.data());
}
