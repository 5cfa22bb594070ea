import NIOCore
import NIOSSL

/// What the daemon shows over TLS: its certificate, those above it, and the key.
public struct ConsoleCertificate: Sendable {
    let chain: [NIOSSLCertificateSource]
    let key: NIOSSLPrivateKeySource

    /// - Parameters:
    ///   - certificate: PEM: the daemon's own first, then those that lead to a known one.
    ///   - key: PEM, without a passphrase.
    /// - Throws: ``ConsoleError/badCertificate(_:)``
    public init(certificate: [UInt8], key: [UInt8]) throws(ConsoleError) {
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(certificate).map { .certificate($0) }
        } catch {
            throw .badCertificate("the certificate is none in PEM")
        }
        do {
            self.key = .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
        } catch {
            throw .badCertificate("the key is none in PEM, or a passphrase keeps it; write it without one")
        }
        do {
            _ = try NIOSSLContext(
                configuration: .makeServerConfiguration(certificateChain: chain, privateKey: self.key))
        } catch {
            throw .badCertificate("the key does not belong to the certificate, or cannot be used")
        }
    }

    /// TLS as this daemon speaks it; each connection gets the certificate that holds when it comes.
    ///
    /// - Parameter current: asked for each connection.
    func configuration(current: @escaping @Sendable () -> ConsoleCertificate?) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.sslContextCallback = { _, promise in
            var override = NIOSSLContextConfigurationOverride()
            if let now = current() { (override.certificateChain, override.privateKey) = (now.chain, now.key) }
            promise.succeed(override)
        }
        return configuration
    }
}
