package io.jenkins.plugins.gitops.core.git.signing;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Iterator;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.security.SecurityUtils;

/**
 * Signs with an SSH key, as {@code ssh-keygen -Y sign -n git} does. JGit's own signer reads the key from a file,
 * whereas Jenkins credentials are in memory. The format is that of OpenSSH's {@code PROTOCOL.sshsig}.
 */
public final class SshCommitSigner implements CommitSigner {
    private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final String NAMESPACE = "git";
    private static final String HASH = "sha512";
    private static final String NOT_USED = "";
    private static final int LINE_LENGTH = 70;

    private final KeyPair pair;
    private final String name;
    private final String algorithm;

    private SshCommitSigner(KeyPair pair, String name) {
        this.pair = pair;
        this.name = name;
        String type = KeyUtils.getKeyType(pair);
        // The name of an RSA key's type implies SHA-1, which verifiers no longer accept.
        this.algorithm = KeyPairProvider.SSH_RSA.equals(type) ? KeyUtils.RSA_SHA512_KEY_TYPE_ALIAS : type;
    }

    /**
     * Reads a private key.
     *
     * @param privateKey in OpenSSH or PEM format
     * @param passphrase null when the key has none
     * @param name display name of the key, for messages; never the key itself
     * @throws UserErrorException when it is not a private key, or the passphrase is wrong
     */
    public static SshCommitSigner of(String privateKey, @CheckForNull String passphrase, String name)
            throws UserErrorException {
        // A key without a final line break cannot be parsed.
        byte[] bytes = (privateKey.strip() + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Iterable<KeyPair> pairs = SecurityUtils.loadKeyPairIdentities(
                    null,
                    () -> "key",
                    new ByteArrayInputStream(bytes),
                    (session, resource, attempt) -> attempt == 0 ? passphrase : null);
            Iterator<KeyPair> keys = pairs == null ? null : pairs.iterator();
            if (keys != null && keys.hasNext()) {
                return new SshCommitSigner(keys.next(), name);
            }
            throw unusable(name);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw unusable(name).causedBy(e);
        }
    }

    private static UserErrorException unusable(String name) {
        return new UserErrorException(
                "Commits cannot be signed with " + name
                        + ": it is not a private SSH key, or its passphrase does not open it",
                "Correct the key and its passphrase");
    }

    @Override
    public String sign(byte[] commit) throws UserErrorException {
        try {
            Buffer signed = start();
            signed.putString(NAMESPACE);
            signed.putString(NOT_USED);
            signed.putString(HASH);
            signed.putBytes(MessageDigest.getInstance("SHA-512").digest(commit));

            Buffer blob = start();
            blob.putInt(VERSION);
            Buffer key = new ByteArrayBuffer();
            key.putRawPublicKey(pair.getPublic());
            blob.putBytes(key.getCompactData());
            blob.putString(NAMESPACE);
            blob.putString(NOT_USED);
            blob.putString(HASH);
            blob.putBytes(signature(signed.getCompactData()));
            return armored(blob.getCompactData());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new UserErrorException(
                            "Commits cannot be signed with " + name + ": this Java cannot use a key of type "
                                    + algorithm,
                            "Use an Ed25519, ECDSA or RSA key")
                    .causedBy(e);
        }
    }

    private static Buffer start() {
        Buffer buffer = new ByteArrayBuffer();
        buffer.putRawBytes(MAGIC);
        return buffer;
    }

    private byte[] signature(byte[] data) throws GeneralSecurityException {
        BuiltinSignatures factory = BuiltinSignatures.fromFactoryName(algorithm);
        if (factory == null || !factory.isSupported()) {
            throw new GeneralSecurityException(algorithm);
        }
        try {
            Signature signature = factory.create();
            signature.initSigner(null, pair.getPrivate());
            signature.update(null, data);
            Buffer named = new ByteArrayBuffer();
            named.putString(algorithm);
            named.putBytes(signature.sign(null));
            return named.getCompactData();
        } catch (GeneralSecurityException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static String armored(byte[] blob) {
        String body = Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'}).encodeToString(blob);
        return "-----BEGIN SSH SIGNATURE-----\n" + body + "\n-----END SSH SIGNATURE-----\n";
    }
}
