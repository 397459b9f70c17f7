package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

public class SyncPreviewTest {
    private static final ApplicationSpec SPEC = new ApplicationSpecBuilder("path", "shop").build();

    private final ResourceState same = state("ConfigMap", "same", Difference.SAME, null);
    private final ResourceState created = state("ConfigMap", "new", Difference.MISSING, null);
    private final ResourceState found = state("ConfigMap", "found", Difference.MISSING, null);
    private final ResourceState changed = state("ConfigMap", "old", Difference.CHANGED, "changed by kubectl: .data.a");
    private final ResourceState gone = extra("gone");
    private Map<ObjectId, String> refused = Map.of();

    @Test
    public void countsAndNamesPendingChanges() throws Exception {
        SyncPreview preview = preview(null, List.of(gone), same, created, found, changed, gone);

        assertThat(preview.summary(), is("would apply 3 objects (1 adopted), prune 1"));
        assertThat(
                messages(preview),
                is(List.of(
                        "ConfigMap same: null",
                        "ConfigMap new: would be created",
                        "ConfigMap found: exists, applied by no Application; would be adopted",
                        "ConfigMap old: would be changed: changed by kubectl: .data.a",
                        "ConfigMap gone: no longer in Git; would be pruned")));
    }

    @Test
    public void namespaceIsCreatedFirst() throws Exception {
        assertThat(preview("shop", List.of(), created).summary(), is("would create namespace shop, apply 1 object"));
    }

    @Test
    public void unprunedObjectsAreNotCounted() throws Exception {
        SyncPreview preview = preview(null, List.of(), created, gone);

        assertThat(preview.summary(), is("would apply 1 object"));
        assertThat(messages(preview).get(1), is("ConfigMap gone: no longer in Git"));
    }

    @Test
    public void pruningOnlyIsSummarized() throws Exception {
        assertThat(preview(null, List.of(gone), same, gone).summary(), is("would prune 1"));
    }

    @Test
    public void oneRejectionMeansNothingIsApplied() throws Exception {
        ResourceState refused = state("ConfigMap", "theirs", Difference.REFUSED, "belongs to application a of agent b");

        SyncPreview preview = preview(null, List.of(gone), created, refused, gone);

        assertThat(preview.summary(), is("would apply nothing: ConfigMap theirs: belongs to application a of agent b"));
        assertThat(messages(preview).get(0), is("ConfigMap new: null"));
        assertThat(
                preview(null, List.of(), refused, refused).summary(),
                is("would apply nothing: ConfigMap theirs, and 1 more: belongs to application a of agent b"));
    }

    @Test
    public void newObjectRejectedByTheServerMeansNothingIsApplied() throws Exception {
        refused = Map.of(created.id(), "unknown field \"spec.containerz\"");

        SyncPreview preview = preview(null, List.of(), created, changed);

        assertThat(preview.summary(), is("would apply nothing: ConfigMap new: unknown field \"spec.containerz\""));
        assertThat(messages(preview).get(0), is("ConfigMap new: unknown field \"spec.containerz\""));
    }

    @Test
    public void unknownKindMeansNothingIsAppliedUnlessItsDefinitionIsIncluded() throws Exception {
        ResourceState custom = unknown("the cluster does not know example.com/v1 Thing");
        ResourceState definition = object(
                Map.of(
                        "apiVersion",
                        "apiextensions.k8s.io/v1",
                        "kind",
                        "CustomResourceDefinition",
                        "metadata",
                        Map.of("name", "things.example.com"),
                        "spec",
                        Map.of("group", "example.com", "names", Map.of("kind", "Thing"))),
                Difference.MISSING,
                null);

        assertThat(
                preview(null, List.of(), created, custom).summary(),
                is("would apply nothing: Thing a: the cluster does not know example.com/v1 Thing"));
        assertThat(preview(null, List.of(), definition, custom).summary(), is("would apply 2 objects"));
    }

    @Test
    public void immutableObjectBlocksPruning() throws Exception {
        ResourceState immutable = state("ConfigMap", "fixed", Difference.IMMUTABLE, "field is immutable");

        SyncPreview preview = preview(null, List.of(gone), created, immutable, gone);

        assertThat(
                preview.summary(),
                is("would apply 1 object; the API server does not allow to change 1 object, so nothing is pruned"));
        assertThat(messages(preview).get(1), is("ConfigMap fixed: field is immutable"));
        ResourceState denied = state("ConfigMap", "denied", Difference.DENIED, "exceeded quota");
        assertThat(preview(null, List.of(gone), created, denied, gone).summary(), is(preview.summary()));
        assertThat(
                preview(null, List.of(), immutable).summary(),
                is("would apply nothing; the API server does not allow to change 1 object, so nothing is pruned"));
    }

    @Test
    public void replacedObjectIsNamed() throws Exception {
        ResourceState replaced = object(
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        Map.of("name", "a", "annotations", Map.of(ResourceOptions.ANNOTATION, "Replace=true"))),
                Difference.IMMUTABLE,
                "field is immutable");

        SyncPreview preview = preview(null, List.of(gone), replaced, gone);

        assertThat(preview.summary(), is("would apply 1 object (1 deleted and created again), prune 1"));
        assertThat(messages(preview).get(0), is("ConfigMap a: would be deleted and created again: field is immutable"));
    }

    private SyncPreview preview(String namespace, List<ResourceState> toPrune, ResourceState... states)
            throws Exception {
        List<Map<String, Object>> manifests = java.util.Arrays.stream(states)
                .filter(s -> s.desired() != null)
                .map(s -> s.desired().manifest())
                .distinct()
                .toList();
        DesiredState desired = DesiredState.of("web", SPEC, manifests);
        MissingObjects.Findings missing = new MissingObjects.Findings(Set.of(found.id()), refused);
        return SyncPreview.of(desired, new Comparison(List.of(states)), missing, namespace, toPrune);
    }

    private static List<String> messages(SyncPreview preview) {
        return preview.comparison().resources().stream()
                .map(r -> r.label() + ": " + r.message())
                .toList();
    }

    private static ResourceState state(String kind, String name, Difference difference, String message) {
        return object(Map.of("apiVersion", "v1", "kind", kind, "metadata", Map.of("name", name)), difference, message);
    }

    private static ResourceState object(Map<String, Object> manifest, Difference difference, String message) {
        DesiredObject desired = DesiredObject.of(manifest, SPEC);
        ResourceKind kind =
                ResourceKind.builtIn(desired.apiVersion(), desired.kindName()).orElseThrow();
        LiveObject live = difference == Difference.MISSING ? null : LiveObject.of(kind, manifest);
        return new ResourceState(desired, desired.id(kind, "shop"), live, difference, null, message);
    }

    private static ResourceState unknown(String message) {
        Map<String, Object> manifest =
                Map.of("apiVersion", "example.com/v1", "kind", "Thing", "metadata", Map.of("name", "a"));
        return new ResourceState(DesiredObject.of(manifest, SPEC), null, null, Difference.MISSING, null, message);
    }

    private static ResourceState extra(String name) {
        ResourceKind kind = ResourceKind.builtIn("v1", "ConfigMap").orElseThrow();
        LiveObject live = LiveObject.of(
                kind,
                Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", name, "namespace", "shop")));
        return new ResourceState(null, live.id(), live, Difference.REQUIRES_PRUNING, null, "no longer in Git");
    }
}
