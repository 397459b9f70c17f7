package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.cluster.Comparison;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.agent.cluster.LiveObject;
import io.jenkins.plugins.gitops.agent.cluster.ResourceKind;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState;
import io.jenkins.plugins.gitops.agent.cluster.ResourceState.Difference;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class StatusWriterTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final ApplicationManifest SHOP =
            new ApplicationManifest("shop", "apps/shop.yaml", "shop", null, null);
    private static final ApplicationSpec SPEC = new ApplicationSpecBuilder("shop", "shop").build();
    private static final ResourceKind WIDGET = ResourceKind.of("example.com/v1", "Widget", "widgets", true);
    private static final ResourceKind CLAIM =
            ResourceKind.builtIn("v1", "PersistentVolumeClaim").orElseThrow();

    @Test
    public void worstResourcesAreReportedFirst() throws Exception {
        List<ResourceState> states = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            states.add(state(CLAIM, "pending-" + i, Map.of("status", Map.of("phase", "Pending"))));
        }
        states.add(state(CLAIM, "lost", Map.of("status", Map.of("phase", "Lost"))));

        ApplicationStatus status = written(new Comparison(states), List.of());

        assertThat(status.resources().size(), is(ApplicationStatus.MAX_RESOURCES));
        assertThat(status.resources().get(0).name(), is("lost"));
        assertThat(status.resources().get(1).name(), is("pending-0"));
        assertThat(status.health(), is("Degraded"));
    }

    @Test
    public void ignoredHealthIsReportedAndDoesNotCount() throws Exception {
        Map<String, Object> metadata =
                Map.of("name", "a", "annotations", Map.of("argocd.argoproj.io/ignore-healthcheck", "true"));
        ResourceState ignored = state(CLAIM, "a", Map.of("status", Map.of("phase", "Lost"), "metadata", metadata));

        ApplicationStatus status = written(new Comparison(List.of(ignored)), List.of());

        assertThat(status.health(), is("Healthy"));
        assertThat(
                status.resources(),
                contains(new Report.ResourceStatus(
                        "PersistentVolumeClaim",
                        "shop",
                        "a",
                        "Synced",
                        null,
                        "health does not count (argocd.argoproj.io/ignore-healthcheck): Degraded, the volume is lost",
                        true)));
    }

    @Test
    public void unknownHealthIsAWarningThatKeepsItsTime() throws Exception {
        WarningConditions warningConditions = new WarningConditions();
        List<ResourceState> states = new ArrayList<>();
        for (String name : List.of("c", "b", "a", "d", "e", "f", "g")) {
            states.add(state(WIDGET, name, Map.of()));
        }
        Comparison comparison = new Comparison(states);

        List<ApplicationCondition> first = warningConditions.of(comparison, NOW);
        List<ApplicationCondition> second = warningConditions.of(comparison, NOW.plusSeconds(9));

        assertThat(first.get(0).type(), is("UnknownHealthWarning"));
        assertThat(
                first.get(0).message(),
                startsWith("the health of Widget a, Widget b, Widget c, Widget d, Widget e and 2 more is not known"));
        assertThat(second, is(first));
        ApplicationStatus status = written(comparison, first);
        assertThat(status.health(), is("Healthy"));
        assertThat(status.resources(), is(List.of()));
        assertThat(status.conditions(), is(first));

        Map<String, Object> ready =
                Map.of("status", Map.of("conditions", List.of(Map.of("type", "Ready", "status", "True"))));
        assertThat(
                warningConditions.of(new Comparison(List.of(state(WIDGET, "a", ready))), NOW.plusSeconds(10)),
                is(List.of()));
        assertThat(
                warningConditions.of(comparison, NOW.plusSeconds(11)).get(0).at(),
                is(NOW.plusSeconds(11).toString()));
    }

    @Test
    public void namesAndMessagesAreBounded() throws Exception {
        ResourceKind huge = ResourceKind.of("example.com/v1", "K".repeat(5000), "k", true);
        LiveObject live = state(huge, "n".repeat(5000), Map.of()).live();
        String message = "begin " + "x".repeat(5000) + " field is immutable";
        ResourceState state = new ResourceState(null, live.id(), live, Difference.REFUSED, live.assessment(), message);

        Report.ResourceStatus told =
                written(new Comparison(List.of(state)), List.of()).resources().get(0);

        assertThat(told.kind().length(), lessThan(300));
        assertThat(told.name().length(), lessThan(300));
        assertThat(told.message().length(), lessThan(520));
        assertThat(told.message(), startsWith("begin x"));
        assertThat(told.message(), endsWith("x field is immutable"));
    }

    @Test
    public void imagesAreBounded() throws Exception {
        List<String> images = new ArrayList<>();
        images.add("a".repeat(100_000));
        for (int i = 0; i < 100; i++) {
            images.add("ghcr.io/myorg/app:" + i);
        }
        ApplicationStatus status = written(new Comparison(List.of()), List.of(), images);
        assertThat(status.images().size(), is(Report.Details.MAX_IMAGES));
        assertThat(status.images().get(0).length(), lessThan(1100));
    }

    private static ResourceState state(ResourceKind kind, String name, Map<String, Object> fields) {
        Map<String, Object> object = new LinkedHashMap<>(fields);
        object.put("apiVersion", kind.apiVersion());
        object.put("kind", kind.kind());
        Map<String, Object> metadata = new LinkedHashMap<>(Map.of("name", name, "namespace", "shop"));
        if (fields.get("metadata") instanceof Map<?, ?> more) {
            more.forEach((key, value) -> metadata.put(String.valueOf(key), value));
        }
        object.put("metadata", metadata);
        LiveObject live = LiveObject.of(kind, object);
        return new ResourceState(null, live.id(), live, Difference.SAME, live.assessment(), null);
    }

    private static DesiredState desired(List<String> images) throws UserErrorException {
        List<Map<String, String>> containers =
                images.stream().map(image -> Map.of("image", image)).toList();
        Map<String, Object> pod = Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Map.of("name", "app"),
                "spec",
                Map.of("containers", containers));
        return DesiredState.of("shop", SPEC, List.of(pod));
    }

    private static ApplicationStatus written(Comparison comparison, List<ApplicationCondition> conditions)
            throws UserErrorException {
        return written(comparison, conditions, List.of());
    }

    private static ApplicationStatus written(
            Comparison comparison, List<ApplicationCondition> conditions, List<String> images)
            throws UserErrorException {
        return new StatusWriter("https://git.example.com/config.git", () -> "main")
                .compared(
                        SHOP, "1".repeat(40), null, desired(images), comparison, null, Map.of(), null, conditions, NOW);
    }
}
