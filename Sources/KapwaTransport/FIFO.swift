/// First in, first out over one array; what was taken out is compacted away in linear time over all.
struct FIFO<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let first = elements[head].take()
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: head <= 1_024)
            head = 0
        } else if head >= 256, head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return first
    }

    /// The element at `offset` from the first one.
    subscript(offset: Int) -> Element {
        get {
            guard let element = elements[head + offset] else { preconditionFailure("read behind the head of a queue") }
            return element
        }
        set { elements[head + offset] = newValue }
    }
}
