package io.jenkins.plugins.gitops.status.argocd;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import hudson.security.ACL;
import io.jenkins.plugins.gitops.core.argocd.client.ArgoCdException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * The token of a server. It is read from the system credentials for each request, so that a rotated token takes effect
 * immediately.
 */
final class ArgoCdToken {
    private static final long BETWEEN_TRACKS = TimeUnit.MINUTES.toNanos(1);
    private static final char FIRST_VISIBLE = '!';
    private static final char LAST_VISIBLE = '~';

    private final String credentialsId;
    private final String url;
    private final AtomicLong lastTracked = new AtomicLong(System.nanoTime() - BETWEEN_TRACKS);

    ArgoCdToken(String credentialsId, String url) {
        this.credentialsId = credentialsId;
        this.url = url;
    }

    /**
     * The value of the {@code Authorization} header.
     *
     * @throws ArgoCdException when the credentials do not exist or do not contain a valid token; never contains the
     *     token
     */
    String header() throws ArgoCdException {
        StringCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                credentialsId,
                StringCredentials.class,
                Jenkins.get(),
                ACL.SYSTEM2,
                URIRequirementBuilder.fromUri(url).build());
        if (found == null) {
            throw ArgoCdException.ofCredentials(
                    "there is no secret text " + credentialsId + " for its URL in the system's store");
        }
        trackUse(found);
        String token = found.getSecret().getPlainText().strip();
        if (token.isEmpty() || token.chars().anyMatch(c -> c < FIRST_VISIBLE || c > LAST_VISIBLE)) {
            throw ArgoCdException.ofCredentials("credentials " + credentialsId + " do not contain a valid token");
        }
        return "Bearer " + token;
    }

    /** Tracks the use of the credentials at most once a minute, since each call writes a file to the disk. */
    private void trackUse(StringCredentials credentials) {
        long now = System.nanoTime();
        long last = lastTracked.get();
        if (now - last >= BETWEEN_TRACKS && lastTracked.compareAndSet(last, now)) {
            CredentialsProvider.track(Jenkins.get(), credentials);
        }
    }
}
