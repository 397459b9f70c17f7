package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Rule;
import org.junit.Test;

/** How a real API server treats objects that no application tracks. */
public class MissingObjectsKubeTest {
    private static final String GOOD = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: good}
            data: {a: b}
            """;
    private static final String MISSPELLED = """
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containerz: []}
            """;

    @Rule
    public final ClusterFixture fixture = new ClusterFixture();

    private final AtomicLong nanoTime = new AtomicLong();

    @Test
    public void newObjectsAreDryRunAndNotCreated() throws Exception {
        MissingObjects.Findings findings = findings(GOOD + MISSPELLED, null);

        assertThat(findings.existing(), is(Set.of()));
        assertThat(findings.refused(), is(aMapWithSize(1)));
        Map.Entry<ObjectId, String> refusal =
                findings.refused().entrySet().iterator().next();
        assertThat(refusal.getKey().toString(), is("Deployment web"));
        assertThat(refusal.getValue(), containsString("containerz"));
        assertThat(
                fixture.client()
                        .configMaps()
                        .inNamespace(fixture.namespace())
                        .withName("good")
                        .get(),
                is(nullValue()));
    }

    @Test
    public void objectsForANewNamespaceAreNotDryRun() throws Exception {
        assertThat(findings(MISSPELLED, fixture.namespace()).refused(), is(Map.of()));
    }

    @Test
    public void existingObjectIsNotRejected() throws Exception {
        fixture.serverSideApply("somebody", GOOD);

        MissingObjects.Findings findings = findings(GOOD, null);

        assertThat(findings.existing().stream().map(ObjectId::toString).toList().toString(), is("[ConfigMap good]"));
        assertThat(findings.refused(), is(Map.of()));
    }

    @Test
    public void resultIsCachedForAMinute() throws Exception {
        MissingObjects missing = missingObjects();
        DesiredState desired = fixture.desired(GOOD);
        Comparison comparison = fixture.compare(GOOD);
        assertThat(missing.of(desired, comparison, null).existing().size(), is(0));
        fixture.serverSideApply("somebody", GOOD);

        nanoTime.addAndGet(MissingObjects.MAX_AGE.toNanos() - 1);
        assertThat(missing.of(desired, comparison, null).existing().size(), is(0));
        nanoTime.addAndGet(1);
        assertThat(missing.of(desired, comparison, null).existing().size(), is(1));
    }

    private MissingObjects missingObjects() {
        ClusterApi api = new ClusterApi(fixture.client(), "gitops-agent-dev", RequestPolicy.READ_ONLY);
        Installation installation = new Installation("dev", Optional.empty());
        return new MissingObjects(
                api,
                (desired, state) -> state.desired().tracked(state.id(), desired.application(), installation),
                nanoTime::get);
    }

    private MissingObjects.Findings findings(String yaml, String newNamespace) throws Exception {
        return missingObjects().of(fixture.desired(yaml), fixture.compare(yaml), newNamespace);
    }
}
