package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.json.JsonTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public class DesiredStateTest {
    private static final ApplicationSpec SPEC = new ApplicationSpecBuilder("apps/web", "shop").build();

    @Test
    public void nameThatWouldChangeTheUrlIsRejected() {
        assertThat(
                refusal(object("v1", "Secret", "a/status")),
                containsString("Secret a/status: \"a/status\" is not a valid name of an object"));
    }

    @Test
    public void ordersByKindAndName() throws Exception {
        DesiredState state = state(
                object("example.com/v1", "Thing", "a"),
                object("apps/v1", "Deployment", "web"),
                object("v1", "Service", "web"),
                object("v1", "ConfigMap", "b"),
                object("v1", "ConfigMap", "a"),
                object("v1", "Namespace", "shop"));

        assertThat(
                state.objects().stream().map(DesiredObject::toString).toList(),
                is(List.of(
                        "Namespace shop", "ConfigMap a", "ConfigMap b", "Service web", "Deployment web", "Thing a")));
    }

    @Test
    public void writesNamespaceAndTracking() throws Exception {
        DesiredObject object =
                state(object("apps/v1", "Deployment", "web")).objects().get(0);
        ResourceKind kind = ResourceKind.builtIn("apps/v1", "Deployment").orElseThrow();
        Map<String, Object> tracked =
                object.tracked(object.id(kind, "shop"), "web-dev", new Installation("dev", Optional.of("uid")));

        assertThat(JsonTree.text(tracked, "metadata", "namespace"), is("shop"));
        assertThat(
                JsonTree.text(tracked, "metadata", "annotations", "gitops.jenkins.io/tracking-id"),
                is("web-dev:apps/Deployment:shop/web"));
        assertThat(
                JsonTree.text(tracked, "metadata", "annotations", "gitops.jenkins.io/installation-id"), is("dev/uid"));
        assertThat(JsonTree.map(object.manifest(), "metadata").containsKey("annotations"), is(false));
    }

    @Test
    public void removesNamespaceFromClusterScopedKinds() throws Exception {
        DesiredObject object =
                state(object("v1", "Namespace", "shop")).objects().get(0);
        ResourceKind kind = ResourceKind.builtIn("v1", "Namespace").orElseThrow();
        Map<String, Object> tracked =
                object.tracked(object.id(kind, "other"), "web-dev", new Installation("dev", Optional.of("uid")));

        assertThat(JsonTree.map(tracked, "metadata").containsKey("namespace"), is(false));
    }

    @Test
    public void hashFollowsTheContent() throws Exception {
        String one = state(object("v1", "ConfigMap", "a")).hash();

        assertThat(state(object("v1", "ConfigMap", "a")).hash(), is(one));
        assertThat(state(object("v1", "ConfigMap", "b")).hash(), is(not(one)));
    }

    @Test
    public void rejectsUnsupportedAnnotations() {
        for (String annotation : List.of("hook", "hook-delete-policy", "compare-options", "sync-wave")) {
            String name = "argocd.argoproj.io/" + annotation;
            assertThat(
                    refusal(Map.of(
                            "apiVersion", "batch/v1",
                            "kind", "Job",
                            "metadata", Map.of("name", "migrate", "annotations", Map.of(name, "1")))),
                    containsString("Job migrate is annotated " + name));
        }
    }

    @Test
    public void onlySupportedSyncOptionsOfAResourceAreAccepted() throws Exception {
        assertThat(options("Replace=true").replace(), is(true));
        assertThat(options("ServerSideApply=true, Force=true").replace(), is(true));
        assertThat(options("Replace=false").replace(), is(false));
        assertThat(
                assertThrows(UserErrorException.class, () -> options("Replace=true,Validate=false"))
                        .getMessage(),
                containsString("Job migrate has the sync option \"Validate=false\""));
    }

    @Test
    public void resourceOptionsOverrideApplicationOptions() throws Exception {
        ResourceOptions replace = ResourceOptions.parse("Replace=true");

        assertThat(ResourceOptions.parse(null).orElse(replace).replace(), is(true));
        assertThat(ResourceOptions.parse("Replace=false").orElse(replace).replace(), is(false));
        assertThat(ResourceOptions.parse("ServerSideApply=true").orElse(replace).replace(), is(true));
    }

    private static ResourceOptions options(String annotation) throws UserErrorException {
        return state(Map.of(
                        "apiVersion", "batch/v1",
                        "kind", "Job",
                        "metadata",
                                Map.of(
                                        "name",
                                        "migrate",
                                        "annotations",
                                        Map.of(ResourceOptions.ANNOTATION, annotation))))
                .objects()
                .get(0)
                .options();
    }

    @Test
    public void waveZeroIsAccepted() throws Exception {
        state(Map.of(
                "apiVersion", "v1",
                "kind", "ConfigMap",
                "metadata", Map.of("name", "a", "annotations", Map.of("argocd.argoproj.io/sync-wave", "0"))));
    }

    @Test
    public void rejectsDuplicatesAndObjectsWithoutAName() {
        assertThat(refusal(object("v1", "ConfigMap", "a"), object("v1", "ConfigMap", "a")), containsString("twice"));
        assertThat(
                refusal(Map.of("apiVersion", "v1", "kind", "Pod", "metadata", Map.of("generateName", "p-"))),
                containsString("generateName is not supported"));
    }

    @SafeVarargs
    private static String refusal(Map<String, Object>... objects) {
        return assertThrows(UserErrorException.class, () -> state(objects)).getMessage();
    }

    @SafeVarargs
    private static DesiredState state(Map<String, Object>... objects) throws UserErrorException {
        return DesiredState.of("web-dev", SPEC, List.of(objects));
    }

    private static Map<String, Object> object(String apiVersion, String kind, String name) {
        return Map.of("apiVersion", apiVersion, "kind", kind, "metadata", Map.of("name", name));
    }
}
