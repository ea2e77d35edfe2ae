/// A path of a file without its last part, and that; `nil` where it has no separator. The root of a disk keeps its separator.
func split(path: String) -> (directory: String, name: String)? {
  guard let mark = path.lastIndex(where: { $0 == "/" || $0 == "\\" }) else { return nil }
  let directory = path[..<mark]
  let isRoot = directory.isEmpty || directory.hasSuffix(":")
  return (isRoot ? String(path[...mark]) : String(directory), String(path[path.index(after: mark)...]))
}
