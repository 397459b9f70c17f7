package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** A read-only agent sends no write request, whichever of its code makes it. */
public class ReadOnlyApiTest {
    private static final ResourceKind KIND =
            ResourceKind.builtIn("v1", "ConfigMap").orElseThrow();
    private static final ObjectId ID = new ObjectId(KIND, "shop", "a");
    private static final String PATH = "/api/v1/namespaces/shop/configmaps/a";

    @Rule
    public final StubApiServer server = new StubApiServer("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}");

    private ClusterApi api;

    @Before
    public void setUp() {
        api = new ClusterApi(server.client(), "gitops-agent-dev", RequestPolicy.READ_ONLY);
    }

    @Test
    public void writesAreNotSent() {
        assertNotSent("PATCH " + PATH, () -> ClusterApi.await(api.apply(ID, Map.of(), false, true)));
        assertNotSent("PATCH " + PATH, () -> ClusterApi.await(api.apply(ID, Map.of(), false, false)));
        assertNotSent("PATCH " + PATH, () -> api.patch(ID, List.of()));
        assertNotSent("PATCH " + PATH, () -> api.merge(ID, Map.of()));
        assertNotSent("PATCH " + PATH, () -> api.annotate(ID, Map.of("a", "b")));
        assertNotSent("DELETE " + PATH, () -> ClusterApi.await(api.delete(ID, "uid", "foreground")));

        assertThat(server.requests(), is(List.of()));
    }

    private static void assertNotSent(String request, ThrowingRunnable call) {
        ClusterException failure = assertThrows(request, ClusterException.class, call);

        assertThat(failure.getMessage(), is("not sent, since this is a dry run: " + request));
        assertThat("is not tried again as if the server were away", failure.isOutage(), is(false));
    }

    @Test
    public void readsAndDryRunsAreSent() throws Exception {
        api.get(ID);
        ClusterApi.await(api.head(ID));
        api.ping(Duration.ofSeconds(10));
        api.list(KIND, "shop", new ObjectReader<>(KIND, new LiveObjectCache(name -> {}, live -> {})), true);
        ClusterApi.await(api.apply(ID, Map.of(), true, true));
        ClusterApi.await(api.tryCreate(ID, Map.of()));

        assertThat(
                server.requests(),
                contains(
                        "GET " + PATH,
                        "GET " + PATH,
                        "GET /version",
                        "GET /api/v1/namespaces/shop/configmaps?limit=500",
                        "PATCH " + PATH + "?fieldManager=gitops-agent-dev&fieldValidation=Strict&force=true&dryRun=All",
                        "POST /api/v1/namespaces/shop/configmaps?fieldValidation=Strict&dryRun=All"));
    }
}
