package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.jenkins.plugins.gitops.agent.cluster.ClusterApi.Listing;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.agent.kube.FreshNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** The real API server omits everything but metadata, in pages of lists and in watches. */
public class MetadataOnlyKubeTest {
    private static final ResourceKind SECRET =
            ResourceKind.builtIn("v1", "Secret").orElseThrow();
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String VALUE = "dmFsdWUgb2YgYSBzZWNyZXQ=";

    @Rule
    public final FreshNamespace namespace = new FreshNamespace();

    private final ClusterApi api = new ClusterApi(ControlPlane.shared().client(), 2);
    private final LiveObjectCache store = new LiveObjectCache(name -> {}, object -> {});
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
    private final ExecutorService events = Executors.newSingleThreadExecutor();
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();

    @After
    public void end() {
        executor.shutdownNow();
        events.shutdownNow();
    }

    @Test
    public void listsPageByPage() throws Exception {
        for (int i = 0; i < 5; i++) {
            create("secret-" + i, null);
        }

        Listing<LiveObject> listing = api.list(SECRET, namespace.name(), new ObjectReader<>(SECRET, store), true);

        List<String> names =
                listing.items().stream().map(object -> object.id().name()).toList();
        assertThat(names, containsInAnyOrder("secret-0", "secret-1", "secret-2", "secret-3", "secret-4"));
    }

    @Test
    public void watchedSecretComesWithoutItsData() throws Exception {
        create("first", null);
        String version = api.list(SECRET, namespace.name(), new ObjectReader<>(SECRET, store), true)
                .resourceVersion();
        WatchConnection connection = new WatchConnection(new AcceptHeaderRecorder(), events);
        api.watch(SECRET, namespace.name(), version, true, connection);

        create("second", null);
        String frame = frames.poll(60, TimeUnit.SECONDS);
        connection.close();
        connection.awaitEnd(TIMEOUT);

        assertThat(frame, containsString("\"name\":\"second\""));
        assertThat(frame, containsString("PartialObjectMetadata"));
        assertThat(frame, not(containsString(VALUE)));
    }

    @Test
    public void managedObjectsAreWatched() throws Exception {
        create("managed", "web");
        ResourceInformer<LiveObject> watch =
                new ResourceInformer<>(api, SECRET, namespace.name(), store, executor, events);
        watch.start();
        try {
            assertThat(watch.awaitListed(TIMEOUT), is(nullValue()));
            LiveObject before = live("managed");
            assertThat(before, is(notNullValue()));

            Secret changed = namespace
                    .client()
                    .secrets()
                    .inNamespace(namespace.name())
                    .withName("managed")
                    .get();
            changed.setData(Map.of("password", "Y2hhbmdlZA=="));
            namespace.client().resource(changed).update();
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .until(() -> !live("managed").fingerprint().equals(before.fingerprint()));

            namespace
                    .client()
                    .secrets()
                    .inNamespace(namespace.name())
                    .withName("managed")
                    .delete();
            Awaitility.await().atMost(TIMEOUT).until(() -> live("managed") == null);
        } finally {
            watch.close();
            watch.awaitEnd(TIMEOUT);
        }
    }

    @Test
    public void watchOfAnUnknownKindFails() {
        ResourceKind unknown = ResourceKind.of("example.com/v1", "Nothing", "nothings", true);
        WatchConnection connection = new WatchConnection(new AcceptHeaderRecorder(), events);

        ClusterException failure = assertThrows(
                ClusterException.class, () -> api.watch(unknown, namespace.name(), "1", false, connection));

        assertThat(failure.isNotFound(), is(true));
    }

    private LiveObject live(String name) {
        return store.get(new ObjectId(SECRET, namespace.name(), name).key());
    }

    private void create(String name, String application) {
        SecretBuilder secret = new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace.name())
                .endMetadata()
                .withData(Map.of("password", VALUE));
        if (application != null) {
            secret.editMetadata()
                    .addToAnnotations(
                            TrackingAnnotation.ANNOTATION,
                            new ObjectId(SECRET, namespace.name(), name).trackingId(application))
                    .endMetadata();
        }
        namespace.client().resource(secret.build()).create();
    }

    private final class AcceptHeaderRecorder implements WatchConnection.Handler {
        @Override
        public boolean received(String event) {
            frames.add(event);
            return true;
        }

        @Override
        public void ended(Throwable cause) {
            // The test ends the watch.
        }
    }
}
