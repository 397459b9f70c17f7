package io.jenkins.plugins.gitops.core.argocd.client;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RepositoryKey;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * Which requests a server gets, how often, and the status that follows; the server is simulated, and the test controls
 * the clock.
 */
public class ArgoCdServerTest {
    private static final String REPOSITORY = "https://git.example.com/shop.git";
    private static final Set<String> KEYS = Set.of(RepositoryKey.of(REPOSITORY));
    private static final String FOLDER = "services/web/overlays/dev";
    private static final String OLD = "6dde20aaab535e13ffc3ef9b82af58f435631a07";
    private static final String NEW = "32b755a77491a10282342c5b55962a7c358d893a";

    private final AtomicInteger tasks = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-29T19:20:33Z"));
    private final AtomicReference<String> token = new AtomicReference<>(ScriptedArgoCd.TOKEN);
    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private ScriptedArgoCd argo;
    private ArgoCdServer server;
    private JsonNode events;

    @Before
    public void start() throws Exception {
        argo = new ScriptedArgoCd();
        events = ArgoCdSituation.of("stream").json().path("events");
        server = server("shop");
    }

    private ArgoCdServer server(String... projects) {
        HttpClient http = ArgoCdClient.configured(HttpClient.newBuilder());
        return new ArgoCdServer(
                new ArgoCdSettings("main", argo.url(), List.of(projects)),
                () -> http,
                () -> "Bearer " + token.get(),
                this::onPool,
                now::get,
                news -> {});
    }

    private void onPool(Runnable task) {
        tasks.incrementAndGet();
        pool.execute(task);
    }

    /** Changes an application, and waits until the change was processed. */
    private void tell(ObjectNode application) throws Exception {
        int before = tasks.get();
        argo.put(application);
        until(() -> tasks.get() > before);
        settle();
    }

    @After
    public void stop() {
        server.close();
        argo.close();
        pool.shutdownNow();
    }

    /** Returns one of the states of an application during a change. */
    private ObjectNode event(int index) {
        ObjectNode application =
                events.get(index).at("/line/result/application").deepCopy();
        // Another client's refresh, which had just been requested.
        ((ObjectNode) application.at("/metadata/annotations")).remove("argocd.argoproj.io/refresh");
        return application;
    }

    private static ObjectNode named(ObjectNode application, String name) {
        ((ObjectNode) application.get("metadata")).put("name", name).put("uid", "uid of " + name);
        for (String part : List.of("/spec/source", "/status/sync/comparedTo/source")) {
            ((ObjectNode) application.at(part)).put("path", "services/" + name);
        }
        return application;
    }

    private void tick(int seconds) throws Exception {
        for (int i = 0; i < seconds; i++) {
            now.updateAndGet(instant -> instant.plusSeconds(1));
            server.tick(now.get());
            settle();
        }
    }

    /** Waits until the responses so far were processed. */
    private void settle() throws Exception {
        for (int i = 0; i < 2; i++) {
            Thread.sleep(2);
            pool.submit(() -> {}).get(20, TimeUnit.SECONDS);
        }
    }

    /** Waits for a condition without advancing the clock. */
    private void until(BooleanSupplier happened) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not happen: " + argo.requests);
            }
            server.tick(now.get());
            settle();
        }
    }

    /** Waits until the stream is connected and the applications are known. */
    private void connected() throws Exception {
        tick(1);
        until(() -> argo.listeners() == 1 && !server.applications().isEmpty());
        tick(3);
        until(() -> argo.count("/v1/applications?") > 0);
        settle();
    }

    private static Target target(String folder, @CheckForNull String application) {
        return new Target("web", "dev", folder, null)
                .withAgent(application == null ? null : new AgentReference(AgentKind.ARGO_CD, "main", application));
    }

    private AwaitedCommit awaited(String commit) throws Exception {
        return awaited(FOLDER, commit);
    }

    private static AwaitedCommit awaited(String folder, String commit) throws Exception {
        return new AwaitedCommit(
                KEYS,
                target(folder, null),
                commit,
                List.of(ImageReference.parse("registry.example.com/shop/web:1.7.0")));
    }

    private AgentSnapshot snapshot(Target target) {
        List<AgentSnapshot> found = server.snapshots(KEYS, REPOSITORY, target, now.get());
        assertThat(found.toString(), found.size(), is(1));
        return found.get(0);
    }

    private ApplicationStatus web() {
        return snapshot(target(FOLDER, null)).status();
    }

    @Test
    public void streamDeliversChangesWithoutAnotherRequest() throws Exception {
        argo.put(event(0));
        connected();
        int before = argo.requests.size();
        for (int i = 1; i < events.size(); i++) {
            argo.put(event(i));
        }
        until(() -> web().health().equals("Healthy") && NEW.equals(web().comparedRevision()));
        assertThat(argo.requests.size(), is(before));
        assertThat(snapshot(target(FOLDER, null)).receivedAt(), is(now.get()));
    }

    @Test
    public void oneWaitNeedsOneRefresh() throws Exception {
        argo.put(event(0));
        connected();
        int before = argo.requests.size();
        server.awaiting(List.of(awaited(NEW)));
        argo.onRefresh = application -> event(2);
        tick(1);
        until(() -> NEW.equals(web().comparedRevision()));
        // All within two seconds. The running image is proof enough, although sync and comparison are in the same
        // second.
        for (int i = 3; i < events.size(); i++) {
            tell(event(i));
        }
        until(() -> web().health().equals("Healthy") && web().sync().equals("Synced"));
        assertThat(web().details().running().get(0).ready(), is(true));
        tick(5);
        assertThat(
                argo.requests.subList(before, argo.requests.size()).toString(), argo.requests.size() - before, is(1));
    }

    @Test
    public void idleServerGetsOnlyAnOccasionalList() throws Exception {
        argo.put(event(0));
        connected();
        int before = argo.requests.size();
        for (int minute = 0; minute < 10; minute++) {
            // The controller is working.
            argo.put(comparedAt(event(0), now.get()));
            for (int i = 0; i < 6; i++) {
                argo.keepAlive();
                tick(10);
            }
        }
        assertThat(argo.requests.size() - before, is(lessThanOrEqualTo(2)));
        assertThat(server.health().isStale(now.get()), is(false));
    }

    private static ObjectNode comparedAt(ObjectNode application, Instant at) {
        ((ObjectNode) application.get("status")).put("reconciledAt", at.toString());
        return application;
    }

    @Test
    public void notificationCausesNoRequestWhileTheStreamWorks() throws Exception {
        argo.put(event(0));
        connected();
        int before = argo.requests.size();
        server.applicationChanged("argocd/web-dev");
        server.applicationChanged("argocd/another");
        tick(5);
        assertThat(argo.requests.size(), is(before));
    }

    @Test
    public void lostEventIsFoundByTheList() throws Exception {
        argo.put(event(0));
        connected();
        server.awaiting(List.of(awaited(OLD)));
        argo.losing = true;
        argo.put(event(8));
        for (int i = 0; i < 7; i++) {
            argo.keepAlive();
            tick(10);
        }
        until(() -> NEW.equals(web().comparedRevision()));
    }

    @Test
    public void endedStreamIsReopenedAndTheListFillsTheGap() throws Exception {
        argo.put(event(0));
        connected();
        argo.endStreams();
        argo.put(event(8));
        until(() -> argo.listeners() == 0);
        for (int i = 0; i < 10 && argo.listeners() == 0; i++) {
            tick(1);
        }
        until(() -> argo.listeners() == 1);
        long lists = argo.count("/v1/applications?");
        // Applications without a wait are updated with the next tick.
        until(() -> NEW.equals(web().comparedRevision()) || tickOnce());
        tick(3);
        until(() -> argo.count("/v1/applications?") > lists);
    }

    @Test
    public void listIsPolledWhereTheStreamIsRejected() throws Exception {
        argo.streamStatus = 404;
        argo.put(event(0));
        server.awaiting(List.of(awaited(OLD)));
        tick(2);
        until(() -> !server.applications().isEmpty());
        argo.put(event(8));
        tick(30);
        until(() -> NEW.equals(web().comparedRevision()));
        assertThat("not tried again at once", argo.count("/stream/"), is(1L));
        assertThat(server.health().problem(), is(nullValue()));
        argo.streamStatus = 200;
        for (int i = 0; i < 60 && argo.listeners() == 0; i++) {
            tick(10);
        }
        until(() -> argo.listeners() == 1);
    }

    @Test
    public void bufferedStreamIsAbandoned() throws Exception {
        argo.buffering = true;
        argo.put(event(0));
        server.awaiting(List.of(awaited(OLD)));
        tick(60);
        assertThat(argo.count("/stream/"), is(1L));
        argo.put(event(8));
        tick(30);
        until(() -> NEW.equals(web().comparedRevision()));
    }

    @Test
    public void silentStreamIsNotTrusted() throws Exception {
        argo.put(event(0));
        connected();
        Instant heard = now.get();
        tick(30);
        assertThat(snapshot(target(FOLDER, null)).receivedAt().isBefore(heard.plusSeconds(21)), is(true));
        long before = argo.count("/stream/");
        tick(40);
        until(() -> argo.count("/stream/") > before);
    }

    @Test
    public void correctedTokenIsUsedAtOnce() throws Exception {
        argo.put(event(0));
        token.set("expired");
        tick(2);
        until(() -> server.health().problem() != null);
        assertThat(server.health().problem(), containsString("the token was rejected (401)"));
        assertThat(server.health().lasting(), is(true));
        int refused = argo.requests.size();
        tick(5);
        assertThat("a refused token is not sent again and again", argo.requests.size() - refused, is(lessThan(3)));
        token.set(ScriptedArgoCd.TOKEN);
        tick(1);
        until(() -> server.health().problem() == null && !server.applications().isEmpty());
    }

    @Test
    public void lateRejectionOfTheOldTokenDoesNotHoldUpTheNewOne() throws Exception {
        argo.put(event(0));
        argo.rejections = new CountDownLatch(1);
        token.set("expired");
        tick(1);
        until(() -> argo.requests.size() == 2);
        token.set(ScriptedArgoCd.TOKEN);
        argo.rejections.countDown();
        until(() -> argo.listeners() == 1);
        until(() -> server.health().answeredAt() != null && server.health().problem() == null);
    }

    @Test
    public void fiftyFiveConcurrentWaitsAreAllNotified() throws Exception {
        List<AwaitedCommit> waits = new ArrayList<>();
        for (int i = 0; i < 55; i++) {
            argo.put(named(event(0), "app-" + i));
            waits.add(awaited("services/app-" + i, NEW));
        }
        connected();
        server.awaiting(waits);
        argo.onRefresh =
                application -> named(event(8), application.at("/metadata/name").asText());
        tick(3);
        until(() -> server.applications().stream().allMatch(s -> NEW.equals(s.comparedRevision())));
        assertThat(argo.count("refresh=normal"), is(55L));
    }

    @Test
    public void waitsThatCannotEndPollRarely() throws Exception {
        List<AwaitedCommit> waits = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ObjectNode overridden = named(event(8), "app-" + i);
            ((ArrayNode) overridden.at("/status/summary/images")).removeAll().add("registry.example.com/shop/web:9.9");
            ((ArrayNode) overridden.at("/status/operationState/syncResult/resources")).removeAll();
            argo.put(overridden);
            waits.add(awaited("services/app-" + i, NEW));
        }
        connected();
        argo.onRefresh = application -> comparedAt(application, now.get());
        server.awaiting(waits);
        int before = argo.requests.size();
        int minutes = 8;
        for (int i = 0; i < 6 * minutes; i++) {
            argo.keepAlive();
            tick(10);
        }
        // Counted over all minutes, since a slow response moves the next request into another minute.
        assertThat(argo.requests.size() - before, is(lessThan(60 * minutes)));
    }

    @Test
    public void applicationInAnotherNamespaceIsRequestedThere() throws Exception {
        ObjectNode application = event(0);
        ((ObjectNode) application.get("metadata")).put("namespace", "team-a");
        argo.put(application);
        connected();
        server.awaiting(List.of(awaited(NEW)));
        tick(1);
        until(() -> argo.count("refresh=normal") == 1);
        assertThat(argo.count("appNamespace=team-a"), is(1L));
        assertThat(web().name(), is("team-a/web-dev"));
        assertThat(server.link("team-a/web-dev"), is(URI.create(argo.url() + "/applications/team-a/web-dev")));
        assertThat(server.link("web-dev"), is(nullValue()));
    }

    @Test
    public void deletedApplicationIsAPersistentProblem() throws Exception {
        argo.put(event(0));
        connected();
        argo.remove("argocd/web-dev");
        until(() -> server.applications().isEmpty() || tickOnce());
        AgentSnapshot gone = snapshot(target(FOLDER, null));
        assertThat(gone.problem(), is("web-dev was deleted"));
        assertThat(gone.lasting(), is(true));
        argo.put(event(8));
        until(() -> tickOnce() || snapshot(target(FOLDER, null)).problem() == null);
    }

    private boolean tickOnce() {
        try {
            tick(1);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return false;
    }

    @Test
    public void missingApplicationIsAPersistentProblem() throws Exception {
        argo.put(event(0));
        connected();
        Target nowhere = target(FOLDER, "nowhere");
        server.awaiting(List.of(new AwaitedCommit(KEYS, nowhere, NEW, List.of())));
        tick(1);
        until(() -> !server.snapshots(KEYS, REPOSITORY, nowhere, now.get()).isEmpty());
        assertThat(snapshot(nowhere).problem(), is("there is no nowhere in project shop"));
        assertThat(snapshot(nowhere).lasting(), is(true));
        tick(20);
        assertThat(argo.count("/nowhere"), is(1L));
    }

    @Test
    public void deadControllerIsReported() throws Exception {
        argo.put(event(0));
        connected();
        argo.onRefresh = null;
        server.awaiting(List.of(awaited(NEW)));
        tick(1);
        until(() -> argo.count("refresh=normal") == 1);
        argo.keepAlive();
        tick(15);
        assertThat(web().details().outdated(), is(nullValue()));
        argo.keepAlive();
        tick(15);
        until(() -> web().details().outdated() != null || tickOnce());
        assertThat(
                web().details().outdated(),
                is("Argo CD main has not compared web-dev since 2026-11-29T19:19:58Z;"
                        + " is its application-controller running?"));
        argo.put(event(8));
        until(() -> web().details().outdated() == null || tickOnce());
    }

    @Test
    public void silentServerIsNotMistakenForADeadController() throws Exception {
        argo.put(event(0));
        Instant started = now.get().truncatedTo(ChronoUnit.SECONDS);
        connected();
        Instant connected = now.get();
        argo.onRefresh = null;
        server.awaiting(List.of(awaited(NEW)));
        tick(1);
        until(() -> argo.count("refresh=normal") == 1);
        tick(30);
        until(() -> web().details().outdated() != null || tickOnce());
        String message = "Argo CD main has not answered since ";
        assertThat(web().details().outdated(), startsWith(message));
        Instant answered = Instant.parse(web().details().outdated().substring(message.length()));
        assertThat(answered, is(both(greaterThan(started)).and(lessThanOrEqualTo(connected))));
    }

    @Test
    public void silentClusterIsProbedOnceAndThenNotTrusted() throws Exception {
        argo.put(event(8));
        connected();
        argo.onRefresh = null;
        for (int i = 0; i < 70; i++) {
            argo.keepAlive();
            tick(10);
        }
        until(() -> web().details().outdated() != null || tickOnce());
        assertThat("nobody waits", argo.count("refresh=normal"), is(1L));
    }

    @Test
    public void syncWindowsAreRequestedWhenADifferenceIsNotSynced() throws Exception {
        ObjectNode different = event(8);
        ((ObjectNode) different.at("/status/sync")).put("status", "OutOfSync");
        argo.put(different);
        argo.extra(
                "argocd/web-dev",
                "/syncwindows",
                "{\"canSync\":false,\"activeWindows\":[{\"kind\":\"deny\",\"schedule\":\"0 22 * * *\",\"duration\":\"8h\"}]}");
        connected();
        server.awaiting(List.of(awaited(NEW)));
        tick(12);
        until(() -> web().details().blocked() != null || tickOnce());
        assertThat(web().details().blocked(), containsString("blocked by a sync window (deny 0 22 * * * for 8h)"));
        assertThat(argo.count("/syncwindows"), is(1L));
    }

    @Test
    public void liveObjectDecidesWithoutPods() throws Exception {
        ObjectNode idle = event(8);
        ((ObjectNode) idle.at("/status/summary")).remove("images");
        ((ArrayNode) idle.at("/status/operationState/syncResult/resources")).removeAll();
        argo.put(idle);
        argo.extra(
                "argocd/web-dev",
                "/resource",
                "{\"manifest\":\"{\\\"apiVersion\\\":\\\"apps/v1\\\",\\\"kind\\\":"
                        + "\\\"Deployment\\\",\\\"metadata\\\":{\\\"namespace\\\":\\\"web-dev\\\",\\\"name\\\":\\\"web\\\"},"
                        + "\\\"spec\\\":{\\\"replicas\\\":0,\\\"template\\\":{\\\"spec\\\":{\\\"containers\\\":[{\\\"image\\\":"
                        + "\\\"registry.example.com/shop/web:1.7.0\\\"}]}}}}\"}");
        connected();
        assertThat("only the live object can tell", web().details().running(), is(nullValue()));
        server.awaiting(List.of(awaited(NEW)));
        tick(1);
        until(() -> web().details().running() != null || tickOnce());
        assertThat(web().details().running().get(0).image(), is("registry.example.com/shop/web:1.7.0"));
        assertThat(web().details().running().get(0).ready(), is(true));
        assertThat(argo.count("/resource?"), is(1L));
        tick(60);
        assertThat("once is enough", argo.count("/resource?"), is(1L));
    }

    @Test
    public void nothingShowsTheToken() throws Exception {
        argo.put(event(0));
        connected();
        assertThat(
                argo.requests.stream()
                        .filter(r -> r.contains(ScriptedArgoCd.TOKEN))
                        .toList(),
                is(empty()));
    }
}
