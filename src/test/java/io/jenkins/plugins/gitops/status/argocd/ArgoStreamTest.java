package io.jenkins.plugins.gitops.status.argocd;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.ArgoServerConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.argocd.client.PlayedArgoCd;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.Snapshot;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import io.jenkins.plugins.gitops.status.Repositories;
import io.jenkins.plugins.gitops.status.Sources;
import io.jenkins.plugins.gitops.status.Waits;
import io.jenkins.plugins.gitops.steps.ConfigRepositories;
import io.jenkins.plugins.gitops.steps.Setup;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A wait that a server ends by its stream, in Jenkins' own time. */
public class ArgoStreamTest {
    @ClassRule
    public static final JenkinsRule J = new JenkinsRule();

    @ClassRule
    public static final ConfigRepositories REPOSITORIES = new ConfigRepositories();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WAIT = "p#1/0@0#0";

    private final BlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
    private PlayedArgoCd argo;
    private String url;
    private String tip;

    @Before
    public void start() throws Exception {
        argo = new PlayedArgoCd();
        url = REPOSITORIES.create("stream.git");
        tip = REPOSITORIES.tip("stream.git");
        Setup.repository(url);
        Playback.token("argocd", PlayedArgoCd.TOKEN);
        RepositoryConfiguration repository =
                GitopsConfiguration.get().getRepositories().get(0);
        Repositories.get().open(repository).fetch();
        ArgoServers.get().reset();
        ArgoServerConfiguration server = new ArgoServerConfiguration("argo", argo.url(), "argocd", "shop");
        server.setWebhookSecret(Secret.fromString("a webhook secret of 16+"));
        GitopsConfiguration.get().setArgocdServers(List.of(server));
    }

    @After
    public void stop() {
        Waits.get().unregister(WAIT);
        GitopsConfiguration.get().setArgocdServers(null);
        ArgoServers.get().reset();
        argo.close();
    }

    private JsonNode application(String sync, String health, String image) throws IOException {
        Instant second = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String source = "{\"repoURL\":\"" + url + "\",\"path\":\"" + Playback.PATH + "\",\"targetRevision\":\"main\"}";
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
    public void changeIsToldAsSoonAsTheServerDoes() throws Exception {
        argo.put(application("OutOfSync", "Healthy", "ghcr.io/myorg/payments-api:sha-0000000"));
        RepositoryConfiguration repository =
                GitopsConfiguration.get().getRepositories().get(0);
        List<ImageReference> images = List.of(ImageReference.parse("ghcr.io/myorg/payments-api:sha-a1b2c3d"));
        Expectation expectation =
                new Expectation(Playback.target(null), tip, images, true, Instant.now(), Duration.ZERO);
        Waits.get().register(WAIT, repository.getName(), expectation, verdicts::add);
        while (argo.listeners() == 0 || argo.count("/v1/applications?") == 0) {
            Thread.sleep(20);
        }
        long lists = argo.count("/v1/applications?");
        argo.put(application("Synced", "Progressing", "ghcr.io/myorg/payments-api:sha-0000000"));
        argo.put(application("Synced", "Healthy", "ghcr.io/myorg/payments-api:sha-a1b2c3d"));
        Verdict verdict = verdicts.poll(30, TimeUnit.SECONDS);
        while (verdict instanceof Verdict.Waiting) {
            verdict = verdicts.poll(30, TimeUnit.SECONDS);
        }
        assertThat(String.valueOf(verdict), verdict, instanceOf(Verdict.Live.class));
        assertThat(argo.count("/v1/applications?") - lists, is(lessThan(2L)));
        List<Snapshot> snapshots = Sources.snapshots(repository, Playback.target(null), Instant.now());
        assertThat(
                ArgoServers.get().link(snapshots.get(0)),
                is(Optional.of(URI.create(argo.url() + "/applications/argocd/payments"))));
    }
}
