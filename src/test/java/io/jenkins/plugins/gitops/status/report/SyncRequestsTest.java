package io.jenkins.plugins.gitops.status.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.SyncState;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.ApplicationStatusBuilder;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;

/** Sync requests, from the request to the agent that has completed it. */
public class SyncRequestsTest {
    private static final String OLD = "2026-01-01T10:00:00Z";
    private static final String NEW = "2026-01-01T11:00:00Z";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    private final Instant now = Instant.now();
    private SyncRequests requests;
    private String tip;

    @Before
    public void repository() throws Exception {
        // Pending writes of the previous test.
        ThreadPoolTasks.awaitIdle();
        Files.deleteIfExists(file());
        tip = J.repository().tip();
        ConfigRepositories.get()
                .open(GitopsTestConfiguration.repository(
                        "config", J.repository().url()))
                .fetch();
        requests = new SyncRequests();
    }

    private static Path file() {
        return J.jenkins.getRootDir().toPath().resolve("gitops").resolve("sync-requests.json");
    }

    private void request(String agent, String application) throws Exception {
        requests.request(agent, application, "config", tip, false, now);
    }

    private Report report(String application, String sync, String started) {
        return SignedReports.report(1, List.of(status(application, sync, started)));
    }

    private Report.ApplicationStatus status(String application, String sync, String started) {
        return ApplicationStatusBuilder.of(application)
                .at(J.repository().url(), "services/" + application)
                .compared(tip)
                .synced(tip)
                .sync(SyncState.of(sync))
                .health(Health.HEALTHY)
                .operation(
                        started == null ? null : new Report.OperationState("Succeeded", tip, started, started, 0, null))
                .observedAt(now.toString())
                .build();
    }

    private List<String> answer(String agent, Report report) {
        return requests.pendingFor(agent, report, now);
    }

    @Test
    public void requestIsSentUntilASyncHasStarted() throws Exception {
        request("dev", "shop");
        assertThat(answer("dev", report("shop", "OutOfSync", OLD)), contains("shop"));
        assertThat(answer("dev", report("shop", "OutOfSync", OLD)), contains("shop"));
        assertThat(answer("dev", report("shop", "OutOfSync", NEW)), is(empty()));
        assertThat(answer("dev", report("shop", "OutOfSync", NEW)), is(empty()));
    }

    @Test
    public void firstSyncEverEndsTheRequest() throws Exception {
        request("dev", "shop");
        assertThat(answer("dev", report("shop", "OutOfSync", null)), contains("shop"));
        assertThat(answer("dev", report("shop", "OutOfSync", NEW)), is(empty()));
    }

    @Test
    public void syncedApplicationNeedsNoSync() throws Exception {
        request("dev", "shop");
        assertThat(answer("dev", report("shop", "Synced", OLD)), contains("shop"));
        assertThat(answer("dev", report("shop", "Synced", OLD)), is(empty()));
    }

    @Test
    public void requestContinuesWhileSyncedAtAnOlderRevision() throws Exception {
        String newer = J.repository().write("notes.txt", "later\n", "Later");
        ConfigRepositories.get()
                .open(GitopsTestConfiguration.repository(
                        "config", J.repository().url()))
                .fetch();
        requests.request("dev", "shop", "config", newer, false, now);
        assertThat(answer("dev", report("shop", "Synced", OLD)), contains("shop"));
        assertThat(answer("dev", report("shop", "Synced", OLD)), contains("shop"));
    }

    @Test
    public void onlyTheReportingAgentReceivesTheRequest() throws Exception {
        request("dev", "shop");
        assertThat(answer("production", report("shop", "OutOfSync", OLD)), is(empty()));
        assertThat(answer("dev", report("blog", "OutOfSync", OLD)), is(empty()));
        assertThat(answer("dev", report("shop", "OutOfSync", OLD)), contains("shop"));
    }

    @Test
    public void repeatedRequestIsMergedAndRenewed() throws Exception {
        request("dev", "shop");
        answer("dev", report("shop", "OutOfSync", OLD));
        request("dev", "shop");
        // This sync may have begun before the second request, so it does not complete it.
        assertThat(answer("dev", report("shop", "OutOfSync", NEW)), contains("shop"));
        assertThat(answer("dev", report("shop", "OutOfSync", "2026-01-01T12:00:00Z")), is(empty()));
    }

    @Test
    public void pruneRequestsAreSentWithTheirRevision() throws Exception {
        requests.request("dev", "shop", "config", tip, true, now);
        request("dev", "blog");
        assertThat(requests.pruneRevisions("dev", List.of("shop", "blog", "other")), is(Map.of("shop", tip)));
        assertThat(requests.pruneRevisions("production", List.of("shop")), is(Map.of()));
        requests = new SyncRequests();
        assertThat("also after a restart", requests.pruneRevisions("dev", List.of("shop")), is(Map.of("shop", tip)));
        request("dev", "shop");
        assertThat("the last request counts", requests.pruneRevisions("dev", List.of("shop")), is(Map.of()));
    }

    @Test
    public void requestExpiresAfterTenMinutes() throws Exception {
        request("dev", "shop");
        Instant last = now.plus(SyncRequests.LIFE);
        assertThat(requests.pendingFor("dev", report("shop", "OutOfSync", OLD), last), contains("shop"));
        assertThat(
                requests.pendingFor("dev", report("shop", "OutOfSync", OLD), last.plus(Duration.ofSeconds(1))),
                is(empty()));
        ThreadPoolTasks.awaitIdle();
        assertThat(Files.readString(file()), is("[]"));
    }

    @Test
    public void requestIsStoredAtOnce() throws Exception {
        request("dev", "shop");
        requests = new SyncRequests();
        assertThat(answer("dev", report("shop", "OutOfSync", OLD)), contains("shop"));
        ThreadPoolTasks.awaitIdle();
        requests = new SyncRequests();
        assertThat(answer("dev", report("shop", "OutOfSync", NEW)), is(empty()));
        ThreadPoolTasks.awaitIdle();
        requests = new SyncRequests();
        assertThat(answer("dev", report("shop", "OutOfSync", OLD)), is(empty()));
    }

    @Test
    public void damagedFileIsIgnored() throws Exception {
        for (String content :
                List.of("", "[{", "{}", "[null]", "[{\"agent\":\"dev\",\"application\":\"shop\"}]", "[{\"at\":1}]")) {
            Files.write(file(), content.getBytes(StandardCharsets.UTF_8));
            requests = new SyncRequests();
            assertThat(content, answer("dev", report("shop", "OutOfSync", OLD)), is(empty()));
            request("dev", "shop");
            assertThat(content, answer("dev", report("shop", "OutOfSync", OLD)), contains("shop"));
            ThreadPoolTasks.awaitIdle();
        }
    }

    @Test
    public void aFileOfANewerVersionIsRead() throws Exception {
        Files.writeString(
                file(),
                "[{\"agent\":\"dev\",\"application\":\"shop\",\"repository\":\"config\",\"revision\":\"" + tip
                        + "\",\"at\":\"" + now + "\",\"told\":false,\"known\":null,\"later\":{\"x\":1}}]");
        requests = new SyncRequests();
        assertThat(answer("dev", report("shop", "OutOfSync", OLD)), contains("shop"));
    }

    @Test
    public void numberOfRequestsIsLimited() throws Exception {
        for (int i = 0; i < SyncRequests.MAX_REQUESTS; i++) {
            request("dev", "app" + i);
        }
        UserErrorException e = assertThrows(UserErrorException.class, () -> request("dev", "one-more"));
        assertThat(e.getMessage(), containsString("1000 sync requests are already pending"));
        request("dev", "app7");
        requests.request(
                "dev",
                "one-more",
                "config",
                tip,
                false,
                now.plus(SyncRequests.LIFE).plusSeconds(1));
    }
}
