import Store
import Testing

@Suite("A fault says what happened, where, and what to do") struct FaultSentences {
  @Test(
    arguments: [
      (
        .inUse(folder: "/s", holder: 4711),
        "/s: the state folder is in use by process 4711. Wait until it ends, or name another folder with --state."
      ),
      (
        .inUse(folder: "/s", holder: nil),
        "/s: the state folder is in use by another process. Wait until it ends, or name another folder with --state."
      ),
      (.notAFolder(path: "/s"), "/s: this is not a folder, so no state can be kept in it. Name a folder with --state."),
      (.empty(folder: "/s"), "/s: there is no state here yet. Run an audit first, or name another folder with --state."),
      (
        .noPermission(path: "/s"),
        "/s: permission denied. Let the user who runs this own the state folder, or name another one with --state."
      ),
      (.readOnly(path: "/s"), "/s: it can only be read. Mount the file system for writing, or name another folder with --state."),
      (
        .diskFull(path: "/s/d"),
        "/s/d: the disk is full. What was recorded before is intact and this pass is not recorded. Make room, then run it again."
      ),
      (.busy(path: "/s/d"), "/s/d: another program has locked the database. Close that program, then run this again."),
      (
        .damaged(path: "/s/d", "database disk image is malformed"),
        "/s/d: the database is damaged: database disk image is malformed. It was left as it is. "
          + "Restore the state folder from a backup, or move it away to begin with an empty one."
      ),
      (
        .foreign(path: "/s/d"),
        "/s/d: this database belongs to another program and was left as it is. Name another folder with --state."
      ),
      (
        .newer(path: "/s/d", version: 7, known: 1),
        "/s/d: the database has format 7 and this version of nameward knows formats up to 1. "
          + "Install the newer version, or name another folder with --state."
      ),
      (
        .older(path: "/s/d", version: 1, known: 2),
        "/s/d: the database has format 1 and is read as format 2. "
          + "Run an audit once: it brings the database up to date."
      ),
      (
        .cannotShare(path: "/s/d", "locking protocol"),
        "/s/d: this file system cannot lock files as SQLite needs it: locking protocol. Name a folder on a local disk with --state."
      ),
      (
        .unknownSource("iocs.csv"),
        "iocs.csv: there are no indicators of this source here. Look at the names of the sources, or import it first."
      ),
      (.unknownRevision(source: "iocs\u{1B}.csv", 9, last: 4), "iocs\\u{1B}.csv: there is no revision 9. Name one from 1 to 4."),
      (
        .implausible(source: "https://feed.example/", before: 1200, now: 0),
        "https://feed.example/: there were 1200 indicators and now there would be 0, "
          + "so nothing was taken and what was there before stays. Look at what the source gives; if it is right, take it with --force."
      ),
      (
        .failed(path: "/s/d", "disk I/O error"),
        "/s/d: the state could not be read or written: disk I/O error. What was recorded before is intact. "
          + "Check the disk, then run this again."
      ),
    ] as [(StoreFault, String)])
  func `in one sentence each`(fault: StoreFault, sentence: String) {
    #expect(fault.description == sentence)
  }
}
