package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.application.ResourceOptions;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import java.util.Map;
import org.junit.Test;

/** Which objects are deleted and recreated if the API server rejects a change. */
public class ObjectReplacementTest {
    private static final String REFUSAL = "Job.batch \"migrate\" is invalid: spec.template: Invalid value: {"
            + "x".repeat(4000) + "}: field is immutable";

    @Test
    public void replacesOnlyAnnotatedKindsWithoutData() {
        assertAllowed(true, "batch/v1", "Job", "Replace=true");
        assertAllowed(true, "batch/v1", "Job", "Force=true");
        assertAllowed(true, "apps/v1", "Deployment", "Replace=true");
        assertAllowed(true, "apps/v1", "StatefulSet", "Replace=true");
        assertAllowed(false, "batch/v1", "Job", "");
        assertAllowed(false, "batch/v1", "Job", "Replace=false");
        assertAllowed(false, "v1", "Namespace", "Replace=true");
        assertAllowed(false, "v1", "PersistentVolume", "Replace=true");
        assertAllowed(false, "v1", "PersistentVolumeClaim", "Force=true");
        assertAllowed(false, "apiextensions.k8s.io/v1", "CustomResourceDefinition", "Force=true");
    }

    private static void assertAllowed(boolean allowed, String apiVersion, String kind, String options) {
        assertThat(
                kind + " with " + options,
                ObjectReplacement.isAllowed(state(apiVersion, kind, options, true, Difference.IMMUTABLE)),
                is(allowed));
    }

    @Test
    public void neverReplacesChangeableRejectedOrUnappliedObjects() {
        assertThat(
                ObjectReplacement.isAllowed(state("batch/v1", "Job", "Replace=true", true, Difference.CHANGED)),
                is(false));
        assertThat(
                ObjectReplacement.isAllowed(state("batch/v1", "Job", "Replace=true", true, Difference.REFUSED)),
                is(false));
        assertThat(
                ObjectReplacement.isAllowed(state("batch/v1", "Job", "Replace=true", false, Difference.IMMUTABLE)),
                is(false));
    }

    @Test
    public void messageKeepsTheServersReasonAndSaysWhatToDo() {
        String message = message("batch/v1", "Job", true);

        assertThat(message, startsWith("Job.batch \"migrate\" is invalid: spec.template"));
        assertThat(message, containsString("}: field is immutable; change it back in Git, or annotate the resource"));
        assertThat(message.length(), is(lessThan(600)));
    }

    @Test
    public void messageNeverAdvisesToDeleteData() {
        assertThat(message("v1", "PersistentVolumeClaim", true), endsWith("would delete its data"));
        assertThat(
                message("batch/v1", "Job", false),
                endsWith("or delete the object, which no Application has applied so far"));
    }

    private static String message(String apiVersion, String kind, boolean live) {
        return ObjectReplacement.message(state(apiVersion, kind, "", live, Difference.IMMUTABLE), REFUSAL);
    }

    private static ResourceState state(
            String apiVersion, String kind, String options, boolean tracked, Difference difference) {
        Map<String, Object> manifest = Map.of(
                "apiVersion",
                apiVersion,
                "kind",
                kind,
                "metadata",
                Map.of("name", "migrate", "annotations", Map.of(ResourceOptions.ANNOTATION, options)));
        ApplicationSpec spec = new ApplicationSpecBuilder("path", "shop")
                .createNamespace(false)
                .build();
        DesiredObject desired = DesiredObject.of(manifest, spec);
        ResourceKind of = ResourceKind.builtIn(apiVersion, kind).orElseThrow();
        LiveObject live = tracked ? LiveObject.of(of, manifest) : null;
        return new ResourceState(desired, desired.id(of, "shop"), live, difference, null, null);
    }
}
