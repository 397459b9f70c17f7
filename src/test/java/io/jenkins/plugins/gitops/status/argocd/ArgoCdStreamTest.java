package io.jenkins.plugins.gitops.status.argocd;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.config.ArgoCdServerConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.argocd.client.ScriptedArgoCd;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.status.StatusSources;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.Verdicts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** A wait that is ended by the stream of a server, with the real clock of Jenkins. */
public class ArgoCdStreamTest {
    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WAIT = "p#1/0@0#0";

    private final BlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
    private ScriptedArgoCd argo;
    private String tip;

    @Before
    public void start() throws Exception {
        argo = new ScriptedArgoCd();
        tip = J.repository().tip();
        ArgoCdPlayback.token("argocd", ScriptedArgoCd.TOKEN);
        RepositoryConfiguration repository =
                GitopsConfiguration.get().getRepositories().get(0);
        ConfigRepositories.get().open(repository).fetch();
        ArgoCdServers.get().reset();
        ArgoCdServerConfiguration server = new ArgoCdServerConfiguration("argo", argo.url(), "argocd", "shop");
        server.setWebhookSecret(Secret.fromString("a webhook secret of 16+"));
        GitopsConfiguration.get().setArgocdServers(List.of(server));
    }

    @After
    public void stop() {
        WaitRegistry.get().unregister(WAIT);
        GitopsConfiguration.get().setArgocdServers(null);
        ArgoCdServers.get().reset();
        argo.close();
    }

    private JsonNode application(String sync, String health, String image) throws IOException {
        Instant second = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String source = "{\"repoURL\":\"" + J.repository().url() + "\",\"path\":\"" + ArgoCdPlayback.PATH
                + "\",\"targetRevision\":\"main\"}";
        String destination = "{\"server\":\"https://kubernetes.default.svc\",\"namespace\":\"payments\"}";
        return JSON.readTree("{\"metadata\":{\"name\":\"payments\",\"namespace\":\"argocd\",\"uid\":\"u\"},"
                + "\"spec\":{\"project\":\"shop\",\"source\":" + source + ",\"destination\":" + destination
                + ",\"syncPolicy\":{\"automated\":{}}},"
                + "\"status\":{\"controllerNamespace\":\"argocd\",\"reconciledAt\":\"" + second + "\","
                + "\"sync\":{\"status\":\"" + sync + "\",\"revision\":\"" + tip + "\",\"comparedTo\":{\"source\":"
                + source
                + ",\"destination\":" + destination + "}},"
                + "\"health\":{\"status\":\"" + health + "\"},\"summary\":{\"images\":[\"" + image + "\"]}}}");
    }

    @Test
    public void changeIsReportedAsSoonAsTheServerSendsIt() throws Exception {
        argo.put(application("OutOfSync", "Healthy", "ghcr.io/myorg/payments-api:sha-0000000"));
        RepositoryConfiguration repository =
                GitopsConfiguration.get().getRepositories().get(0);
        List<ImageReference> images = List.of(ImageReference.parse("ghcr.io/myorg/payments-api:sha-a1b2c3d"));
        Expectation expectation =
                new Expectation(ArgoCdPlayback.target(null), tip, images, true, Instant.now(), Duration.ZERO);
        WaitRegistry.get().register(WAIT, repository.getName(), expectation, verdicts::add);
        Polling.until(() -> argo.listeners() > 0 && argo.count("/v1/applications?") > 0);
        long lists = argo.count("/v1/applications?");
        argo.put(application("Synced", "Progressing", "ghcr.io/myorg/payments-api:sha-0000000"));
        argo.put(application("Synced", "Healthy", "ghcr.io/myorg/payments-api:sha-a1b2c3d"));
        Verdict verdict = Verdicts.end(verdicts);
        assertThat(String.valueOf(verdict), verdict, instanceOf(Verdict.Live.class));
        assertThat(argo.count("/v1/applications?") - lists, is(lessThan(2L)));
        List<AgentSnapshot> snapshots = StatusSources.snapshots(repository, ArgoCdPlayback.target(null), Instant.now());
        assertThat(
                ArgoCdServers.get().link(snapshots.get(0)),
                is(Optional.of(URI.create(argo.url() + "/applications/argocd/payments"))));
    }
}
