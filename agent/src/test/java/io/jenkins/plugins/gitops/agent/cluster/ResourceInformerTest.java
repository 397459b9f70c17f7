package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.jenkins.plugins.gitops.agent.embedded.EmbeddedCluster;
import io.jenkins.plugins.gitops.core.testkit.TcpFaultProxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The requests by which the agent tracks the objects of a kind. */
public class ResourceInformerTest {
    private static final ResourceKind SECRET =
            ResourceKind.builtIn("v1", "Secret").orElseThrow();
    private static final String VALUE = "dmFsdWUgb2YgYW4gdW5tYW5hZ2VkIHNlY3JldA==";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final EmbeddedCluster cluster = EmbeddedCluster.start("watch", Duration.ofMillis(20));
    private final RequestRecorder recorder = new RequestRecorder();
    private TcpFaultProxy proxy;
    private KubernetesClient client;
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
    private final ExecutorService events = Executors.newSingleThreadExecutor();
    private final LinkedBlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private final RecordingEventHandler store = new RecordingEventHandler();
    private ResourceInformer<LiveObject> watch;

    @Before
    public void startWatch() throws Exception {
        proxy = new TcpFaultProxy(URI.create(cluster.url()).getPort());
        Config config = cluster.config();
        config.setMasterUrl("http://127.0.0.1:" + proxy.port() + "/");
        client = new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("recorder", recorder))
                .build();
        put("unmanaged", null, VALUE);
        put("managed", "web", "bWFuYWdlZA==");
        watch = new ResourceInformer<>(new ClusterApi(client, 500), SECRET, null, store, executor, events);
        watch.start();
        assertThat(watch.awaitListed(TIMEOUT), is(nullValue()));
    }

    @After
    public void end() throws Exception {
        watch.close();
        watch.awaitEnd(TIMEOUT);
        executor.shutdownNow();
        events.shutdownNow();
        client.close();
        proxy.close();
        cluster.close();
    }

    @Test
    public void secretValuesAreNeverRequested() throws Exception {
        put("unmanaged", null, VALUE + VALUE);
        put("managed", "web", VALUE);
        Awaitility.await().atMost(TIMEOUT).until(() -> store.read.size() >= 4);

        assertThat(recorder.accepted.size(), greaterThanOrEqualTo(2));
        assertThat(recorder.accepted, everyItem(startsWith("application/json;as=PartialObjectMetadata")));
        assertThat(recorder.received.toString(), containsString("\"unmanaged\""));
        assertThat(recorder.received.toString(), not(containsString(VALUE)));
        store.read.forEach(object -> assertThat(object.keySet(), contains("apiVersion", "kind", "metadata")));
    }

    @Test
    public void eachWriteToAManagedSecretIsAChange() throws Exception {
        assertThat(changed.poll(60, TimeUnit.SECONDS), is("web"));
        String before = store.live("managed").fingerprint();

        put("managed", "web", VALUE);

        assertThat(changed.poll(60, TimeUnit.SECONDS), is("web"));
        assertThat(store.live("managed").fingerprint(), is(not(before)));
    }

    @Test
    public void managedSecretThatLosesItsAnnotationIsForgotten() throws Exception {
        put("managed", null, VALUE);

        Awaitility.await().atMost(TIMEOUT).until(() -> store.live("managed") == null);
    }

    @Test
    public void deletedSecretIsForgotten() throws Exception {
        cluster.client().secrets().inNamespace("default").withName("managed").delete();

        Awaitility.await().atMost(TIMEOUT).until(() -> store.live("managed") == null);
    }

    @Test
    public void brokenWatchResumesWithoutAList() throws Exception {
        proxy.stall();
        put("managed", "shop", VALUE);
        proxy.restore();

        Awaitility.await().atMost(TIMEOUT).until(() -> "shop"
                .equals(store.live("managed").application()));
        assertThat(recorder.lists(), is(1L));
    }

    /** The embedded server keeps a few thousand events. */
    @Test
    public void expiredWatchIsRelisted() throws Exception {
        proxy.stall();
        put("managed", "shop", VALUE);
        for (int i = 0; i < 4_200; i++) {
            put("unmanaged", null, "value" + i);
        }
        proxy.restore();

        Awaitility.await().atMost(TIMEOUT).until(() -> "shop"
                .equals(store.live("managed").application()));
        assertThat(recorder.lists(), greaterThanOrEqualTo(2L));
    }

    @Test
    public void otherKindsAreWatchedInFull() throws Exception {
        ResourceKind kind = ResourceKind.builtIn("v1", "ServiceAccount").orElseThrow();
        recorder.accepted.clear();
        try (ResourceInformer<LiveObject> other =
                new ResourceInformer<>(new ClusterApi(client, 500), kind, null, store, executor, events)) {
            other.start();
            assertThat(other.awaitListed(TIMEOUT), is(nullValue()));
        }

        assertThat(recorder.accepted, everyItem(is("application/json")));
    }

    private void put(String name, String application, String value) {
        SecretBuilder secret = new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withData(Map.of("password", value));
        if (application != null) {
            ObjectId id = new ObjectId(SECRET, "default", name);
            secret.editMetadata()
                    .addToAnnotations(TrackingAnnotation.ANNOTATION, id.trackingId(application))
                    .endMetadata();
        }
        cluster.client().resource(secret.build()).createOr(r -> r.update());
    }

    /** Records each object that the store receives. */
    private final class RecordingEventHandler implements ResourceEventHandler<LiveObject> {
        private final LiveObjectCache delegate = new LiveObjectCache(changed::add, object -> {});
        private final List<Map<String, Object>> read = new CopyOnWriteArrayList<>();

        private LiveObject live(String name) {
            return delegate.get(new ObjectId(SECRET, "default", name).key());
        }

        @Override
        public boolean isMetadataEnough(ResourceKind kind) {
            return delegate.isMetadataEnough(kind);
        }

        @Override
        public boolean isContentNeeded(ResourceKind kind, Map<String, Object> object) {
            return delegate.isContentNeeded(kind, object);
        }

        @Override
        public LiveObject read(ResourceKind kind, Map<String, Object> object) {
            read.add(object);
            return delegate.read(kind, object);
        }

        @Override
        public void replace(ResourceKind kind, String namespace, long version, List<LiveObject> objects) {
            delegate.replace(kind, namespace, version, objects);
        }

        @Override
        public void put(ResourceKind kind, LiveObject object) {
            delegate.put(kind, object);
        }

        @Override
        public void remove(ResourceKind kind, LiveObject object) {
            delegate.remove(kind, object);
        }
    }

    /** The Accept headers of all requests, and the text of the responses that are not watches. */
    private static final class RequestRecorder implements Interceptor {
        private final List<String> accepted = new CopyOnWriteArrayList<>();
        private final List<String> uris = new CopyOnWriteArrayList<>();
        private final StringBuffer received = new StringBuffer();

        private long lists() {
            return uris.stream().filter(uri -> uri.contains("?limit=")).count();
        }

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            uris.add(request.uri().toString());
            accepted.add(String.join(",", request.headers("Accept")));
        }

        @Override
        public AsyncBody.Consumer<List<ByteBuffer>> consumer(
                AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
            return (buffers, body) -> {
                buffers.forEach(buffer -> received.append(StandardCharsets.UTF_8.decode(buffer.duplicate())));
                consumer.consume(buffers, body);
            };
        }
    }
}
