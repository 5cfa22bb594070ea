extension RandomAccessCollection where Index == Int {
    /// Where the elements end that come before what is looked for, in a list in which they all stand first.
    func sortedPlace(after comesBefore: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if comesBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
