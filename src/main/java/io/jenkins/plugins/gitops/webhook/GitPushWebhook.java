package io.jenkins.plugins.gitops.webhook;

import hudson.Extension;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.config.SecretValidation;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.Hmac;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.webhook.PushEvents;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Receives the push events of a Git host for a config repository. An event only triggers a fetch of the branch, which
 * happens once a minute anyway. Events are limited to one fetch a second, so that floods and replays do no harm.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class GitPushWebhook implements WebhookReceiver {
    /** The event for a push of 30,000 files is about 5 MiB. */
    static final long MAX_BODY_BYTES = 32L << 20;

    private static final Logger LOGGER = Logger.getLogger(GitPushWebhook.class.getName());

    @Override
    public String kind() {
        return "git";
    }

    @Override
    public int receive(String name, UnaryOperator<String> header, byte[] body, Instant now) {
        Optional<RepositoryConfiguration> repository = find(name);
        String secret = SecretValidation.orDummy(
                repository.map(RepositoryConfiguration::getWebhookSecret).orElse(null));
        // A missing secret is replaced by a dummy that no sender knows, so verification always fails.
        if (!PushEvents.isAuthentic(secret, header, body) || repository.isEmpty()) {
            return HttpServletResponse.SC_FORBIDDEN;
        }
        try {
            return take(repository.get(), PushEvents.read(header, new ByteArrayInputStream(body)));
        } catch (IOException e) {
            throw new IllegalStateException("reading an array cannot fail", e);
        }
    }

    @Override
    public long maxBodySize() {
        return MAX_BODY_BYTES;
    }

    @Override
    public int receiveLarge(String name, UnaryOperator<String> header, InputStream body, Instant now)
            throws IOException {
        Optional<RepositoryConfiguration> repository = find(name);
        String secret = SecretValidation.orDummy(
                repository.map(RepositoryConfiguration::getWebhookSecret).orElse(null));
        Hmac.SigningInputStream signed = new Hmac.SigningInputStream(secret, body);
        Optional<PushEvents.PushEvent> push = PushEvents.read(header, signed);
        if (!PushEvents.isAuthentic(secret, header, signed.signature()) || repository.isEmpty()) {
            return HttpServletResponse.SC_FORBIDDEN;
        }
        return take(repository.get(), push);
    }

    private static int take(RepositoryConfiguration repository, Optional<PushEvents.PushEvent> push) {
        if (push.isEmpty()) {
            return HttpServletResponse.SC_BAD_REQUEST;
        }
        if (repository.urls().stream().anyMatch(push.get()::mayConcern)) {
            RepositoryBranches.all(repository).stream()
                    .filter(branch -> push.get().moved().stream().anyMatch(m -> isUnknown(branch, m)))
                    .forEach(RepositoryFetcher.get()::fetchSoon);
        }
        return HttpServletResponse.SC_ACCEPTED;
    }

    private static Optional<RepositoryConfiguration> find(String name) {
        return GitopsConfiguration.get().getRepositories().stream()
                .filter(r -> r.getName().equals(name))
                .findFirst();
    }

    /** Whether the pushed commit differs from the tip of the clone; they are equal after a push by Jenkins itself. */
    static boolean isUnknown(RepositoryConfiguration repository, PushEvents.BranchUpdate branchUpdate) {
        try {
            ConfigRepository clone = ConfigRepositories.get().open(repository);
            if (clone.isBranchKnown() && !branchUpdate.branch().equals(clone.branch())) {
                return false;
            }
            Optional<String> tip = clone.tip();
            return tip.isEmpty() || !tip.get().equals(branchUpdate.after());
        } catch (UserErrorException e) {
            LOGGER.log(Level.FINE, e, () -> "failed to read " + repository);
            return false;
        }
    }

    @Override
    public boolean isConfigured(String name) {
        return find(name).isPresent();
    }
}
