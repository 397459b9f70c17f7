package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.HostileRepository;
import io.jenkins.plugins.gitops.core.HostileRepository.Attack;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitServerRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestAgent;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * A repository that one committer made as expensive as possible, one whose host never responds, and an innocent one:
 * the builds and pages of the innocent one take about as long as without the others.
 */
public class NoisyNeighborTest {
    private static final String TARGET = "payments-api/dev";
    private static final int ROUNDS = 3;
    private static final int BUILDS_ON_HANGING = 60;
    private static final int PAGES = 20;
    /** A minimum for the limit, so that a slow machine does not fail the test. */
    private static final Duration FLOOR = Duration.ofSeconds(10);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Rule
    public final JenkinsRule j = new JenkinsRule();

    @Rule
    public final GitServerRule server = new GitServerRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private ServedConfigRepository repository;

    @Before
    public void setUp() throws Exception {
        j.timeout = 0;
        j.jenkins.setNumExecutors(0);
        TestUsers.apply(j);
        repository = server.create("innocent");
        GitopsTestConfiguration.apply(repository.url());
    }

    @Test
    public void hostileRepositoryAndSilentHostDoNotAffectOthers() throws Exception {
        WorkflowJob innocent = Pipelines.job(j.jenkins, "innocent", """
            gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v' + env.BUILD_NUMBER, repository: 'config')
            gitopsAwaitSync(timeout: '10m')
            """);
        // The first round loads classes.
        round(innocent);
        Duration usual = median(innocent);
        HostileRepository.create(folder.getRoot().toPath().resolve("hostile.git"), EnumSet.allOf(Attack.class));
        try (GitHttpServer server = GitHttpServer.start(folder.getRoot().toPath(), null, null, 0);
                NonRespondingHost silent = new NonRespondingHost()) {
            RepositoryConfiguration config =
                    GitopsConfiguration.get().getRepositories().get(0);
            RepositoryConfiguration hostile =
                    GitopsTestConfiguration.repository("hostile", server.url("hostile.git"), null);
            RepositoryConfiguration hanging = GitopsTestConfiguration.repository("hanging", silent.url(), null);
            GitopsConfiguration.get().setRepositories(List.of(config, hostile, hanging));
            List<WorkflowRun> hostiles = hammer();
            List<RepositoryConfiguration> both = List.of(hostile, hanging);
            assertThat("the silent host was asked", silent.asked.await(1, TimeUnit.MINUTES), is(true));
            RepositoryFetcher.get().fetchNow(hostile).get(1, TimeUnit.MINUTES);
            List<CompletableFuture<?>> pages = new ArrayList<>();
            for (int i = 0; i < PAGES; i++) {
                both.forEach(repository -> RepositoryFetcher.get().fetchSoon(repository));
                Attack attack = Attack.values()[i % Attack.values().length];
                pages.add(HTTP.sendAsync(
                        request("history?repository=hostile&env=dev&app=" + attack.application()),
                        HttpResponse.BodyHandlers.discarding()));
            }
            Duration meanwhile = median(innocent);
            Duration most = usual.multipliedBy(2).compareTo(FLOOR) > 0 ? usual.multipliedBy(2) : FLOOR;
            System.out.printf(
                    "soak hostile neighbours: usual %d ms, meanwhile %d ms, at most %d ms%n",
                    usual.toMillis(), meanwhile.toMillis(), most.toMillis());
            assertThat(meanwhile, lessThan(most));
            for (CompletableFuture<?> page : pages) {
                page.get(2, TimeUnit.MINUTES);
            }
            assertThat(
                    "what can be read of it is shown",
                    data("hostile"),
                    containsString(HostileRepository.IMAGE + ":v1"));
            for (WorkflowRun run : hostiles) {
                run.doKill();
            }
            for (WorkflowRun run : hostiles) {
                j.waitForCompletion(run);
            }
        }
    }

    /** Starts builds that use both repositories, all at once. */
    private List<WorkflowRun> hammer() throws Exception {
        List<WorkflowRun> runs = new ArrayList<>();
        WorkflowJob hanging = Pipelines.job(
                j.jenkins, "hanging", "gitopsAwaitSync(app: 'a', env: 'dev', repository: 'hanging', timeout: '30m')");
        for (int i = 0; i < BUILDS_ON_HANGING; i++) {
            runs.add(Pipelines.start(hanging, "alice"));
        }
        for (Attack attack : Attack.values()) {
            String target = "app: '" + attack.application() + "', env: 'dev', repository: 'hostile'";
            runs.add(Pipelines.start(
                    Pipelines.job(j.jenkins, "await-" + attack, "gitopsAwaitSync(" + target + ", timeout: '30m')"),
                    "alice"));
            runs.add(Pipelines.start(
                    Pipelines.job(j.jenkins, "set-" + attack, "gitopsSetImage(" + target + ", tag: 'v2')"), "alice"));
        }
        return runs;
    }

    private Duration median(WorkflowJob innocent) throws Exception {
        List<Duration> all = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            all.add(round(innocent));
        }
        return all.stream().sorted().toList().get(ROUNDS / 2);
    }

    /** Measures a set image, its await, and a page. */
    private Duration round(WorkflowJob innocent) throws Exception {
        long begun = System.nanoTime();
        WorkflowRun run = Pipelines.start(innocent, "alice");
        j.waitForMessage("Waiting for " + TARGET, run);
        new TestAgent(repository.url()).live(TARGET, repository.tip());
        j.assertBuildStatusSuccess(j.waitForCompletion(run));
        HttpResponse<Void> page = HTTP.send(request("data?repository=config"), HttpResponse.BodyHandlers.discarding());
        assertThat(page.statusCode(), is(200));
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Returns the page's data, which is read in the background while the page is open. */
    private String data(String repository) throws Exception {
        SignedReports.refresh(GitopsConfiguration.get().repository(repository));
        return HTTP.send(
                        request("data?filter=" + HostileRepository.INNOCENT + "&repository=" + repository),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private HttpRequest request(String path) throws IOException {
        String login = Base64.getEncoder().encodeToString("admin:admin".getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(j.getURL() + "gitops/" + path))
                .header("Authorization", "Basic " + login)
                .build();
    }

    /** Accepts connections and does not respond. */
    private static final class NonRespondingHost implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> connections = new CopyOnWriteArrayList<>();
        private final CountDownLatch asked = new CountDownLatch(1);

        NonRespondingHost() throws IOException {
            Thread thread = new Thread(this::listen, "silent host");
            thread.setDaemon(true);
            thread.start();
        }

        private void listen() {
            try {
                while (true) {
                    connections.add(server.accept());
                    asked.countDown();
                }
            } catch (IOException e) {
                // Closed.
            }
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort() + "/hanging.git";
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket connection : connections) {
                connection.close();
            }
        }
    }
}
