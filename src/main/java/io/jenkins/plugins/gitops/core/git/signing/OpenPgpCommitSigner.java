package io.jenkins.plugins.gitops.core.git.signing;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Iterator;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.BCPGOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;

/** Signs with an OpenPGP key, as {@code gpg --detach-sign --armor} does. */
public final class OpenPgpCommitSigner implements CommitSigner {
    private final PGPPublicKey key;
    private final PGPPrivateKey privateKey;
    private final String name;

    private OpenPgpCommitSigner(PGPPublicKey key, PGPPrivateKey privateKey, String name) {
        this.key = key;
        this.privateKey = privateKey;
        this.name = name;
    }

    /** Whether a text looks like an exported OpenPGP key rather than an SSH key. */
    public static boolean isKey(String text) {
        return text.contains("BEGIN PGP PRIVATE KEY BLOCK");
    }

    /**
     * Reads an exported secret key; of several keys and subkeys, uses the newest one that can sign, as gpg does.
     *
     * @param exported output of {@code gpg --export-secret-keys --armor}; {@code --export-secret-subkeys} is sufficient
     * @param passphrase null when the key has none
     * @param name display name of the key, for messages; never the key itself
     * @throws UserErrorException when there is no key that can sign, or the passphrase is wrong
     */
    public static OpenPgpCommitSigner of(String exported, @CheckForNull String passphrase, String name)
            throws UserErrorException {
        try {
            PGPSecretKey secret = newest(exported);
            if (secret == null) {
                throw new UserErrorException(
                        "Commits cannot be signed with " + name + ": it has no valid OpenPGP key that may sign",
                        "Export one with: gpg --export-secret-keys --armor KEY");
            }
            PGPPrivateKey opened =
                    secret.extractPrivateKey(new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider())
                            .build(passphrase == null ? new char[0] : passphrase.toCharArray()));
            return new OpenPgpCommitSigner(secret.getPublicKey(), opened, name);
        } catch (IOException | PGPException | RuntimeException e) {
            throw new UserErrorException(
                            "Commits cannot be signed with " + name
                                    + ": it is not an OpenPGP secret key, or its passphrase does not open it",
                            "Correct the key and its passphrase")
                    .causedBy(e);
        }
    }

    @CheckForNull
    private static PGPSecretKey newest(String exported) throws IOException, PGPException {
        PGPSecretKeyRingCollection rings = new PGPSecretKeyRingCollection(
                PGPUtil.getDecoderStream(new ByteArrayInputStream(exported.getBytes(StandardCharsets.UTF_8))),
                new BcKeyFingerprintCalculator());
        PGPSecretKey newest = null;
        for (PGPSecretKeyRing ring : rings) {
            for (PGPSecretKey key : ring) {
                if (maySign(key)
                        && (newest == null
                                || !key.getPublicKey()
                                        .getCreationTime()
                                        .before(newest.getPublicKey().getCreationTime()))) {
                    newest = key;
                }
            }
        }
        return newest;
    }

    private static boolean maySign(PGPSecretKey secret) {
        PGPPublicKey key = secret.getPublicKey();
        if (secret.isPrivateKeyEmpty() || !secret.isSigningKey() || key.hasRevocation() || isExpired(key)) {
            return false;
        }
        boolean flagged = false;
        for (Iterator<PGPSignature> signatures = key.getSignatures(); signatures.hasNext(); ) {
            PGPSignatureSubpacketVector packets = signatures.next().getHashedSubPackets();
            int flags = packets == null ? 0 : packets.getKeyFlags();
            if ((flags & KeyFlags.SIGN_DATA) != 0) {
                return true;
            }
            flagged |= flags != 0;
        }
        return !flagged;
    }

    private static boolean isExpired(PGPPublicKey key) {
        long seconds = key.getValidSeconds();
        return seconds > 0
                && key.getCreationTime().toInstant().plusSeconds(seconds).isBefore(Instant.now());
    }

    @Override
    public String sign(byte[] commit) throws UserErrorException {
        try {
            PGPSignatureGenerator generator = new PGPSignatureGenerator(
                    new BcPGPContentSignerBuilder(key.getAlgorithm(), HashAlgorithmTags.SHA512), key);
            generator.init(PGPSignature.BINARY_DOCUMENT, privateKey);
            PGPSignatureSubpacketGenerator packets = new PGPSignatureSubpacketGenerator();
            packets.setIssuerFingerprint(false, key);
            packets.setSignatureCreationTime(false, new Date());
            generator.setHashedSubpackets(packets.generate());
            generator.update(commit);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ArmoredOutputStream armor =
                    ArmoredOutputStream.builder().clearHeaders().build(bytes)) {
                generator.generate().encode(new BCPGOutputStream(armor));
            }
            return bytes.toString(StandardCharsets.US_ASCII);
        } catch (IOException | PGPException | RuntimeException e) {
            throw new UserErrorException(
                            "Commits cannot be signed with " + name + ": keys of its kind are not supported",
                            "Use an RSA, ECDSA or Ed25519 key")
                    .causedBy(e);
        }
    }
}
