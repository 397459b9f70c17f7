package io.jenkins.plugins.gitops.status.argocd;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.webhook.WebhookCalls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;
import org.jvnet.hudson.test.LoggerRule;

/**
 * A server that rejects, fails, responds wrongly or is unavailable: a wait reports it and never succeeds because of it.
 */
public class ArgoCdOutageTest {
    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final LoggerRule logs = new LoggerRule()
            .record("io.jenkins.plugins.gitops", Level.ALL)
            .record("jdk.httpclient", Level.ALL)
            .capture(10_000);

    private ArgoCdPlayback play;

    @Before
    public void start() throws Exception {
        play = new ArgoCdPlayback(J);
        play.argo.rewrite(ArgoCdPlayback.FIRST, play.tip());
    }

    @After
    public void stop() {
        play.close();
        assertThat(
                logs.getRecords().stream()
                        .map(r -> r.getMessage() + (r.getThrown() == null ? "" : r.getThrown()))
                        .filter(line -> line.contains(FakeArgoCd.TOKEN))
                        .toList(),
                is(List.of()));
    }

    /** Makes the target live while the server has a problem; the wait reports it, and is live only after its end. */
    private void liveButFor(FakeArgoCd.RequestHandler trouble, String words) throws Exception {
        play.argo.set(ArgoCdPlayback.APP, "02-created-outofsync-missing");
        play.await(play.tip());
        play.step();
        play.nothingEndsBefore("the trouble");
        play.argo.failRequests(trouble);
        play.argo.set(ArgoCdPlayback.APP, "05-synced-healthy-refresh-normal");
        play.poll(20);
        play.untilProblem(words);
        play.says(words);
        play.nothingEndsBefore("it is over");
        play.argo.failRequests(null);
        play.pass(150);
        assertThat(play.end(), instanceOf(Verdict.Live.class));
        assertThat(play.state().problem(), is(nullValue()));
    }

    @Test
    public void rejectedTokenIsReported() throws Exception {
        liveButFor(
                e -> {
                    FakeArgoCd.send(e, 401, "{\"error\":\"invalid session\",\"code\":16}");
                    return true;
                },
                "the token was rejected (401); it is wrong, expired or deleted");
    }

    @Test
    public void serverErrorIsReported() throws Exception {
        liveButFor(
                e -> {
                    FakeArgoCd.send(e, 500, "{\"error\":\"secret-app of secret-project\"}");
                    return true;
                },
                "the server failed (500)");
    }

    @Test
    public void wrongUrlIsReported() throws Exception {
        liveButFor(
                e -> {
                    FakeArgoCd.send(e, 404, "<html>not here</html>");
                    return true;
                },
                "there is no Argo CD API at this URL (404)");
    }

    @Test
    public void nonJsonResponseIsReported() throws Exception {
        liveButFor(
                e -> {
                    FakeArgoCd.send(e, 200, "<html>please log in</html>");
                    return true;
                },
                "the response is not that of an Argo CD server");
    }

    @Test
    public void brokenConnectionIsReported() throws Exception {
        liveButFor(
                e -> {
                    e.sendResponseHeaders(200, 1000);
                    e.getResponseBody().write("{\"items\":[".getBytes(StandardCharsets.UTF_8));
                    return true;
                },
                "the connection was lost");
    }

    @Test
    public void endlessResponseIsCutOff() throws Exception {
        byte[] megabyte = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        liveButFor(
                e -> {
                    e.sendResponseHeaders(200, 0);
                    for (int i = 0; i < 64; i++) {
                        e.getResponseBody().write(megabyte);
                    }
                    return true;
                },
                "the response is larger than 32 MiB and was aborted");
    }

    @Test
    public void tokenIsNotCarriedToAnotherHost() throws Exception {
        AtomicInteger elsewhere = new AtomicInteger();
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", e -> {
            elsewhere.incrementAndGet();
            e.close();
        });
        other.start();
        try {
            String there = "http://127.0.0.1:" + other.getAddress().getPort() + "/api/v1/applications";
            liveButFor(
                    e -> {
                        e.getResponseHeaders().set("Location", there);
                        FakeArgoCd.send(e, 307, "");
                        return true;
                    },
                    "the server answered with a redirect (307), which is not followed; set the final URL");
        } finally {
            other.stop(0);
        }
        assertThat(elsewhere.get(), is(0));
    }

    @Test
    public void silentServerBecomesStale() throws Exception {
        play.argo.set(ArgoCdPlayback.APP, "02-created-outofsync-missing");
        play.await(play.tip());
        play.step();
        play.argo.failRequests(e -> {
            FakeArgoCd.send(e, 503, "");
            return true;
        });
        play.poll(20);
        assertThat(play.state().stale(), is(false));
        play.pass(150);
        play.untilStale();
        assertThat(play.state().problem(), containsString("the proxy cannot reach the server (503)"));
        play.nothingEndsBefore("it answers");
    }

    @Test
    public void rotatedTokenTakesEffectAtOnce() throws Exception {
        play.argo.set(ArgoCdPlayback.APP, "02-created-outofsync-missing");
        play.await(play.tip());
        play.step();
        play.argo.token("another-token");
        play.pass(20);
        play.untilProblem("the token was rejected (401); it is wrong, expired or deleted");
        ArgoCdPlayback.token("argocd", "another-token");
        play.argo.set(ArgoCdPlayback.APP, "05-synced-healthy-refresh-normal");
        play.pass(150);
        assertThat(play.end(), instanceOf(Verdict.Live.class));
    }

    @Test
    public void credentialsOfAnotherTypeAreNotShown() throws Exception {
        ArgoCdPlayback.token("argocd", "first line\r\nX-Evil: yes");
        play.pass(100);
        play.untilProblem("credentials argocd do not contain a valid token");
        assertThat(play.argo.count("X-Evil"), is(0L));
    }

    @Test
    public void slowRefreshDoesNotBlockOthers() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try {
            play.argo.set(ArgoCdPlayback.APP, "02-created-outofsync-missing");
            play.argo.edit(ArgoCdPlayback.APP, text -> text.replace(tip(), "1".repeat(40)));
            play.argo.failRequests(e -> {
                if (e.getRequestURI().getQuery().contains("refresh=normal")) {
                    try {
                        over.await();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                }
                return false;
            });
            play.await(play.tip());
            play.step();
            play.argo.set(ArgoCdPlayback.APP, "05-synced-healthy-refresh-normal");
            assertThat(play.end(), instanceOf(Verdict.Live.class));
            assertThat(play.argo.count("refresh=normal"), is(1L));
        } finally {
            over.countDown();
        }
    }

    private String tip() {
        try {
            return play.tip();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    public void missingApplicationIsDistinguishedFromAHiddenOne() throws Exception {
        play.await(play.tip(), new AgentReference(AgentKind.ARGO_CD, ArgoCdPlayback.SERVER, "nowhere"));
        play.step();
        assertThat(play.step(), containsString("there is no nowhere in project shop"));
        play.configure(play.argo.url(), "secret-project");
        play.step();
        assertThat(
                play.step(),
                containsString("the token may not read nowhere in project secret-project; it needs: p, <account>,"
                        + " applications, get, secret-project/nowhere, allow"));
        play.nothingEndsBefore("it is there");
    }

    @Test
    public void noVisibleApplicationsIsAHintAndDoesNotAffectOtherWaits() throws Exception {
        play.poll(100);
        assertThat(play.state().problem(), containsString("the token can read no application in shop"));
        assertThat(play.state().stale(), is(false));
    }

    @Test
    public void reportsOutsideTheServersEnvironmentsAreIgnored() throws Exception {
        play.argo.set(ArgoCdPlayback.APP, "05-synced-healthy-refresh-normal");
        play.configure(play.argo.url(), "shop").setEnvironments("staging");
        play.await(play.tip());
        play.says("no agent has reported");
        play.poll(100);
        assertThat(play.argo.count("refresh=normal"), is(0L));
        play.nothingEndsBefore("another may speak");
    }

    @Test
    public void applicationInAnotherNamespaceIsRequestedThere() throws Exception {
        play.argo.set(ArgoCdPlayback.APP, "02-created-outofsync-missing");
        play.argo.edit(ArgoCdPlayback.APP, t -> t.replace("\"namespace\":\"argocd\"", "\"namespace\":\"team-a\""));
        play.await(
                play.tip(),
                new AgentReference(AgentKind.ARGO_CD, ArgoCdPlayback.SERVER, "team-a/" + ArgoCdPlayback.APP));
        assertThat(play.step(), containsString("team-a/payments-api-dev is OutOfSync"));
        assertThat(play.argo.count("appNamespace=team-a") > 0, is(true));
        assertThat(play.argo.count("appNamespace=argocd"), is(0L));
    }

    @Test
    public void notificationOnlyTriggersACheck() throws Exception {
        play.argo.set(ArgoCdPlayback.APP, "02-created-outofsync-missing");
        play.await(play.tip());
        play.step();
        play.nothingEndsBefore("the notification");
        byte[] lie = ("{\"app\":\"" + ArgoCdPlayback.APP + "\",\"namespace\":\"argocd\",\"project\":\"shop\","
                        + "\"sync\":\"Synced\",\"health\":\"Healthy\",\"phase\":\"Succeeded\"}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(notify(lie, "a wrong secret of 16+"), is(403));
        assertThat(notify("{}".getBytes(StandardCharsets.UTF_8), "a webhook secret of 16+"), is(400));
        int before = play.argo.requests.size();
        assertThat(notify(lie, "a webhook secret of 16+"), is(202));
        play.pass(2);
        play.untilRequests(before + 1);
        assertThat(
                "without the stream the list is asked at once",
                play.argo.requests.subList(before, before + 1),
                hasItem(containsString("/applications?projects=shop")));
        play.nothingEndsBefore("it is true");
        play.argo.set(ArgoCdPlayback.APP, "05-synced-healthy-refresh-normal");
        assertThat(notify(lie, "a webhook secret of 16+"), is(202));
        play.pass(2);
        assertThat(play.end(), instanceOf(Verdict.Live.class));
    }

    private static int notify(byte[] body, String secret) throws Exception {
        return WebhookCalls.post(
                        J, "gitops-webhook/argocd/" + ArgoCdPlayback.SERVER, body, Map.of(ArgoCdWebhook.HEADER, secret))
                .statusCode();
    }

    @Test
    public void errorBodiesOfTheServerAreNotShown() throws Exception {
        play.argo.failRequests(e -> {
            FakeArgoCd.send(e, 403, "{\"error\":\"permission denied: applications, get, secret-project/secret-app\"}");
            return true;
        });
        play.pass(100);
        play.untilProblem("the token may not read applications (403)");
        assertThat(
                logs.getMessages().stream()
                        .filter(m -> m.contains("secret-app"))
                        .toList(),
                is(List.of()));
        assertThat(play.state().problem(), not(containsString("secret-project")));
    }
}
