package io.jenkins.plugins.gitops.status.argocd;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.await.WaitRegistry;
import io.jenkins.plugins.gitops.config.ArgoCdServerConfiguration;
import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.status.AgentInfo;
import io.jenkins.plugins.gitops.status.StatusSources;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;

/** A Jenkins with one Argo CD server and a clock that the test controls. */
final class ArgoCdPlayback implements AutoCloseable {
    static final String APP = "payments-api-dev";
    static final String PATH = ServedConfigRepository.path("payments-api/dev");
    static final String SERVER = "argo";
    static final String FIRST = "c87832a3d8d666c906db41b69496260e6942471f";
    static final String README = "8ddf3d83d55e5ce005d8fcc85c48d72b4baaa833";
    static final String IMAGE = "c43bc8855f5df2a90cf8a72edefe7668b4b7ffc8";
    static final String WINDOW = "4a98e8f6fd21121a3adffe5f19f0a4ca9efdafcd";
    /** Longer than any interval between two polls of an available server. */
    private static final int NEXT = 20;

    private static final Pattern RECONCILED = Pattern.compile("\"reconciledAt\":\"([^\"]+)\"");

    final FakeArgoCd argo = new FakeArgoCd();
    private final ServedConfigRepository repository;
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final BlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
    private final List<String> waits = new ArrayList<>();

    ArgoCdPlayback(GitopsJenkinsRule j) throws Exception {
        repository = j.repository();
        token("argocd", FakeArgoCd.TOKEN);
        argo.rewrite("http://127.0.0.1:19080/config.git", repository.url());
        for (String recorded : List.of("checkout", "catalog", "invoices", "ledger", "payments", "nightly")) {
            argo.rewrite("services/" + recorded + "/overlays/prod", PATH);
        }
        ArgoCdServers.get().reset();
        ArgoCdServers.get().useClock(now::get);
        configure(argo.url(), "shop");
        fetch();
        // The first list is requested automatically.
        ArgoCdServers.get().tickSoon();
        argo.awaitLists(1);
    }

    static void token(String id, String token) throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .removeIf(c -> c instanceof StringCredentialsImpl s && s.getId().equals(id));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.SYSTEM, id, null, Secret.fromString(token)));
    }

    ArgoCdServerConfiguration configure(String url, String projects) {
        ArgoCdServerConfiguration server = new ArgoCdServerConfiguration(SERVER, url, "argocd", projects);
        server.setWebhookSecret(Secret.fromString("a webhook secret of 16+"));
        GitopsConfiguration.get().setArgocdServers(List.of(server));
        return server;
    }

    String tip() throws Exception {
        return repository.tip();
    }

    private static RepositoryConfiguration configuration() {
        return GitopsConfiguration.get().getRepositories().get(0);
    }

    void fetch() throws Exception {
        ConfigRepositories.get().open(configuration()).fetch();
    }

    static Target target(@CheckForNull AgentReference by) {
        return new Target("payments-api", "dev", PATH, null).withAgent(by);
    }

    void await(String revision) {
        await(revision, null);
    }

    void await(String revision, @CheckForNull AgentReference by) {
        String id = "p#1/" + waits.size() + "@0#0";
        waits.add(id);
        Expectation expectation = new Expectation(target(by), revision, List.of(), true, Instant.now(), Duration.ZERO);
        WaitRegistry.get().register(id, "config", expectation, verdicts::add);
    }

    /** Polls the server twice, so that the first response has been processed. @return the last summary of a wait */
    String step() throws Exception {
        poll(NEXT);
        poll(NEXT);
        WaitRegistry.get().recheckAll();
        ThreadPoolTasks.awaitIdle();
        ThreadPoolTasks.awaitIdle();
        return last();
    }

    /** Advances the clock and waits until the server was polled and its response processed. */
    void poll(int seconds) throws Exception {
        ThreadPoolTasks.awaitIdle();
        argo.forgetLists();
        pass(seconds);
        // A response that was still outstanding delays the next list.
        for (int i = 0; !argo.wasListed(); i++) {
            if (i == 100) {
                throw new AssertionError("no list was asked for");
            }
            pass(seconds);
        }
        Polling.until(() -> state().problem() != null || now.get().equals(state().lastSeen()));
        ThreadPoolTasks.awaitIdle();
    }

    /** Advances the clock. */
    void pass(int seconds) {
        now.updateAndGet(instant -> instant.plusSeconds(seconds));
        ArgoCdServers.get().tickSoon();
    }

    private String last() {
        Verdict last = null;
        for (Verdict verdict : verdicts) {
            last = verdict;
        }
        return last == null ? "nothing" : last.summary();
    }

    /** Fails if a wait has already ended. */
    void nothingEndsBefore(String what) {
        for (Verdict verdict : verdicts) {
            if (!(verdict instanceof Verdict.Waiting)) {
                throw new AssertionError(verdict + " before " + what);
            }
        }
        verdicts.clear();
    }

    /** Returns the next final verdict, polling the server as often as necessary. */
    Verdict end() throws Exception {
        for (int i = 0; i < 20; i++) {
            Verdict verdict = verdicts.poll();
            while (verdict instanceof Verdict.Waiting) {
                verdict = verdicts.poll();
            }
            if (verdict != null) {
                return verdict;
            }
            step();
        }
        throw new AssertionError("no end in " + argo.requests);
    }

    /** Waits until a wait reports this reason; fails if it ends before. */
    void says(String part) throws InterruptedException {
        List<String> said = new ArrayList<>();
        Verdict verdict = verdicts.poll(20, TimeUnit.SECONDS);
        while (verdict instanceof Verdict.Waiting && !verdict.summary().contains(part)) {
            said.add(verdict.summary());
            verdict = verdicts.poll(20, TimeUnit.SECONDS);
        }
        if (!(verdict instanceof Verdict.Waiting)) {
            throw new AssertionError(verdict + " after " + said);
        }
    }

    /** Waits until the server has this problem. */
    void untilProblem(String problem) throws Exception {
        for (int i = 0; !problem.equals(state().problem()); i++) {
            if (i == 100) {
                throw new AssertionError("no such problem: " + state().problem());
            }
            pass(20);
            argo.wasListed();
        }
    }

    /** Waits until the server is stale. */
    void untilStale() throws Exception {
        Polling.until(() -> StatusSources.agents(now.get()).stream().anyMatch(AgentInfo::stale));
    }

    /** Returns how many refreshes were requested. */
    long refreshes() {
        return argo.requests.stream()
                .filter(request -> request.contains("refresh=normal"))
                .count();
    }

    /** Waits until the server has received so many requests. */
    void untilRequests(int count) throws Exception {
        Polling.until(() -> argo.requests.size() >= count);
        ThreadPoolTasks.awaitIdle();
    }

    AgentInfo state() {
        return StatusSources.agents(Instant.now()).stream()
                .filter(a -> a.name().equals(SERVER))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the known status of the server's only application. */
    String said() {
        Report.ApplicationStatus status = state().applications().get(0);
        return status.withoutTimestamps().toString();
    }

    /** Returns the application as after a later comparison. */
    static String comparedLater(String application) {
        Matcher matcher = RECONCILED.matcher(application);
        return matcher.replaceAll(
                found -> "\"reconciledAt\":\"" + Instant.parse(found.group(1)).plusSeconds(2) + "\"");
    }

    @Override
    public void close() {
        waits.forEach(WaitRegistry.get()::unregister);
        GitopsConfiguration.get().setArgocdServers(null);
        ArgoCdServers.get().useClock(Instant::now);
        ArgoCdServers.get().reset();
        argo.close();
    }
}
