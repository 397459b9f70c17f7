package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.signing.CommitSigner;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.GpgSignature;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;

/**
 * A commit to be written: author, message and signature.
 *
 * @param trailers those of the plan, and the sign-off
 */
record NewCommit(Author author, Author committer, Instant when, String subject, Trailers trailers) {
    /** @param trailers of the plan, including the operation */
    static NewCommit of(Change change, ChangePlan plan, Trailers trailers) {
        CommitSettings settings = change.settings();
        Author committer = settings.committer() == null ? change.author() : settings.committer();
        Trailers all = settings.signOff() ? trailers.with(Trailers.SIGNED_OFF_BY, committer.toString()) : trailers;
        String subject = settings.subject().subject(plan);
        return new NewCommit(change.author(), committer, Instant.now(), subject, all);
    }

    /**
     * The commit object.
     *
     * @throws UserErrorException when it cannot be signed
     */
    byte[] bytes(ObjectId tree, ObjectId parent, CommitSettings settings) throws UserErrorException, IOException {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setParentId(parent);
        commit.setAuthor(identity(author));
        commit.setCommitter(identity(committer));
        commit.setMessage(trailers.message(subject));
        CommitSigner signer = settings.signer();
        if (signer != null) {
            String signature = signer.sign(commit.build());
            commit.setGpgSignature(new GpgSignature(signature.getBytes(StandardCharsets.US_ASCII)));
        }
        return commit.build();
    }

    private PersonIdent identity(Author who) {
        return new PersonIdent(who.name(), who.email(), when, ZoneOffset.UTC);
    }

    /** The commit as it appears in the history. */
    CommitInfo info(ObjectId revision) {
        return new CommitInfo(revision.name(), author.name(), author.email(), when, subject, trailers);
    }
}
