import Foundation
import NIOSSL

/// An authority of the test's own and certificates signed by it, made by openssl. Its folder goes when it goes.
final class TestAuthority: Sendable {
  let folder: URL
  var file: String { folder.appending(path: "ca.pem").path }

  struct Failed: Error { var words: String }

  /// A server's key and what it shows.
  struct Identity {
    var chain: [NIOSSLCertificate]
    var key: NIOSSLPrivateKey

    /// What openssl says of the n-th certificate: the whole, and its SubjectPublicKeyInfo.
    var ders: [[UInt8]] { get throws { try chain.map { try $0.toDERBytes() } } }

    func context(protocols: [String] = []) throws -> NIOSSLContext {
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
      configuration.applicationProtocols = protocols
      return try NIOSSLContext(configuration: configuration)
    }
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "nameward-connectors-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key", "-out",
      "ca.pem", "-subj", "/CN=Test authority", "-days", "3650")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A server's certificate for these names (`DNS:a,IP:192.0.2.1`), valid for 30 days from now.
  func identity(_ names: String, subject: String = "/CN=server", signer: String = "ca") throws -> Identity {
    try request("server", subject: subject)
    try sign("server", by: signer, "subjectAltName=\(names)", days: 30)
    return try Identity(chain: certificates(["server"]), key: key("server"))
  }

  /// A server's certificate by an authority that this one has signed; the server shows both.
  func identityThroughIntermediate(_ names: String, shown: Bool = true) throws -> Identity {
    try request("between", subject: "/CN=Test authority between")
    try sign("between", by: "ca", "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign", days: 3650)
    var identity = try identity(names, signer: "between")
    if shown { identity.chain += try certificates(["between"]) }
    return identity
  }

  /// A certificate that is signed by its own key.
  func selfSigned(_ names: String) throws -> Identity {
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "server.key", "-out",
      "server.pem", "-subj", "/CN=server", "-days", "30", "-addext", "subjectAltName=\(names)")
    return try Identity(chain: certificates(["server"]), key: key("server"))
  }

  /// The authority's own certificate in DER.
  var der: [UInt8] { get throws { try certificates(["ca"])[0].toDERBytes() } }

  /// The SubjectPublicKeyInfo of a certificate here, as openssl gives it.
  func publicKey(of name: String) throws -> [UInt8] {
    try openssl("x509", "-in", "\(name).pem", "-noout", "-pubkey", "-out", "\(name).pub")
    try openssl("pkey", "-pubin", "-in", "\(name).pub", "-outform", "DER", "-out", "\(name).spki")
    return Array(try Data(contentsOf: folder.appending(path: "\(name).spki")))
  }

  private func request(_ name: String, subject: String) throws {
    try openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "\(name).key", "-out",
      "\(name).csr", "-subj", subject)
  }

  private func sign(_ name: String, by signer: String, _ extensions: String, days: Int) throws {
    try Data(extensions.utf8).write(to: folder.appending(path: "extensions.cnf"))
    try openssl(
      "x509", "-req", "-in", "\(name).csr", "-CA", "\(signer).pem", "-CAkey", "\(signer).key", "-CAcreateserial", "-days",
      "\(days)", "-extfile", "extensions.cnf", "-out", "\(name).pem")
  }

  private func certificates(_ names: [String]) throws -> [NIOSSLCertificate] {
    try names.flatMap { try NIOSSLCertificate.fromPEMFile(folder.appending(path: "\($0).pem").path) }
  }

  private func key(_ name: String) throws -> NIOSSLPrivateKey {
    try NIOSSLPrivateKey(file: folder.appending(path: "\(name).key").path, format: .pem)
  }

  private func openssl(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    (process.standardError, process.standardOutput) = (pipe, pipe)
    try process.run()
    let words = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(words: String(decoding: words, as: UTF8.self)) }
  }
}
