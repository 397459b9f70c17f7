package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** When the pods of a workload are listed, and for how long the result is valid. */
public class PodDigestReaderTest {
    private static final String IMAGE = "ghcr.io/org/web:1";
    private static final String A = "sha256:" + "a".repeat(64);
    private static final String B = "sha256:" + "b".repeat(64);

    @Rule
    public final StubApiServer server = new StubApiServer(pods(A));

    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
    private final List<LiveObject> changed = new CopyOnWriteArrayList<>();
    private PodDigestReader reader;

    @Before
    public void start() {
        reader = new PodDigestReader(new ClusterApi(server.client(), 100), executor, changed::add);
    }

    @After
    public void stop() {
        executor.shutdownNow();
    }

    private static String pods(String digest) {
        return """
                {"items": [{"metadata": {"name": "web-1"},
                  "spec": {"containers": [{"name": "web", "image": "%s"}]},
                  "status": {"conditions": [{"type": "Ready", "status": "True"}],
                    "containerStatuses": [{"name": "web", "imageID": "ghcr.io/org/web@%s"}]}}]}
                """.formatted(IMAGE, digest);
    }

    private static LiveObject workload(String image, int version, int available, String annotation) throws Exception {
        return workload("web", image, version, available, annotation);
    }

    private static LiveObject workload(String name, String image, int version, int available, String annotation)
            throws Exception {
        String object = """
                {"apiVersion": "apps/v1", "kind": "Deployment",
                  "metadata": {"namespace": "shop", "name": "%s", "uid": "1", "resourceVersion": "%d",
                    "annotations": {"a": "%s"}},
                  "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web", "tier": "a b", "name": "%s"}},
                    "template": {"spec": {"containers": [{"name": "web", "image": "%s"}]}}},
                  "status": {"replicas": 1, "updatedReplicas": 1, "availableReplicas": %d}}
                """.formatted(name, version, annotation, name, image, available);
        return LiveObject.of(
                ResourceKind.builtIn("apps/v1", "Deployment").orElseThrow(),
                JsonTree.parse(object.getBytes(StandardCharsets.UTF_8)));
    }

    private static LiveObject workload(int version) throws Exception {
        return workload(IMAGE, version, 1, "x");
    }

    private Map<String, List<String>> digests(LiveObject live) {
        return reader.withDigests(live).workload().digests();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    @Test
    public void podsOfOneStateAreListedOnce() throws Exception {
        LiveObject live = workload(1);
        assertThat(digests(live), is(Map.of()));
        await().until(() -> digests(live), is(Map.of(IMAGE, List.of(A))));

        assertThat(changed, is(List.of(live)));
        assertThat(server.requests(), hasSize(1));
        assertThat(server.requests().get(0), containsString("/api/v1/namespaces/shop/pods?limit=50&labelSelector="));
        assertThat(server.requests().get(0), containsString("app%3Dweb"));
        assertThat(server.requests().get(0), containsString("tier%3Da+b"));
    }

    @Test
    public void theAnswerHoldsUntilThePodsOfALaterStateWereListed() throws Exception {
        await().until(() -> digests(workload(1)), is(Map.of(IMAGE, List.of(A))));
        server.answer(pods(B));

        assertThat(digests(workload(2)), is(Map.of(IMAGE, List.of(A))));
        await().until(() -> digests(workload(2)), is(Map.of(IMAGE, List.of(B))));

        assertThat(changed, hasSize(2));
    }

    @Test
    public void theAnswerDoesNotHoldForAnotherTemplate() throws Exception {
        await().until(() -> digests(workload(1)), is(Map.of(IMAGE, List.of(A))));

        assertThat(digests(workload(IMAGE, 2, 1, "restarted")), is(Map.of()));
    }

    @Test
    public void refusedRequestIsNotRepeatedForTheSameState() throws Exception {
        server.answer(403);
        for (String name : List.of("web", "next", "web", "last")) {
            LiveObject live = workload(name, IMAGE, 1, 1, "x");
            await().until(() -> {
                assertThat(digests(live), is(Map.of()));
                return server.requests().stream().anyMatch(request -> request.contains("name%3D" + name));
            });
        }

        // Requests are sent one after another, so the last one shows that there was no other before it.
        assertThat(server.requests(), hasSize(3));
    }

    @Test
    public void nothingIsAskedWhereDigestsAreKnownOrPodsAreNotReady() throws Exception {
        LiveObject pinned = workload("ghcr.io/org/web@" + A, 1, 1, "x");
        LiveObject unready = workload(IMAGE, 1, 0, "x");
        assertThat(reader.withDigests(pinned), sameInstance(pinned));
        assertThat(reader.withDigests(unready), sameInstance(unready));

        // A later request is the first one that the server receives.
        await().until(() -> digests(workload(3)), is(Map.of(IMAGE, List.of(A))));
        assertThat(server.requests(), hasSize(1));
    }
}
