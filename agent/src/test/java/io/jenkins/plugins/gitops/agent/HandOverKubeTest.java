package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.agent.kube.FreshNamespace;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.HashMap;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * Objects that move from one application to another keep their identity, in whichever order the applications are
 * synced.
 */
public class HandOverKubeTest {
    private static final String TRACKING = "gitops.jenkins.io/tracking-id";
    private static final String PVC = """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 1Gi}}
            """;
    private static final String CONFIG = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: config}
            data: {text: one}
            """;
    private static final String OTHER = CONFIG.replace("name: config", "name: other");

    @Rule
    public final FreshNamespace namespace = new FreshNamespace();

    @Rule
    public final RunningAgent running =
            RunningAgent.withEmptyRepository(() -> ControlPlane.shared().config());

    private KubernetesClient client;
    private String alpha;
    private String beta;

    @Before
    public void haveTwoApplications() throws Exception {
        client = namespace.client();
        alpha = "alpha-" + namespace.name();
        beta = "beta-" + namespace.name();
        Map<String, String> files = new HashMap<>();
        files.put(ApplicationYaml.file("alpha"), application(alpha, "alpha"));
        files.put(ApplicationYaml.file("beta"), application(beta, "beta"));
        files.put("alpha/pvc.yaml", PVC);
        files.put("alpha/other.yaml", OTHER);
        files.put("beta/config.yaml", CONFIG);
        files.put("beta/other.yaml", OTHER.replace("name: other", "name: another"));
        running.repository().commit(files);
        running.start();
        awaitBoth(running.repository().tip());
    }

    @Test
    public void objectsMoveBothWaysInOneCommit() throws Exception {
        String data = uid(pvc());
        String config = uid(configMap("config"));
        Map<String, String> moves = new HashMap<>();
        moves.put("alpha/pvc.yaml", null);
        moves.put("beta/pvc.yaml", PVC);
        moves.put("beta/config.yaml", null);
        moves.put("alpha/config.yaml", CONFIG);

        awaitBoth(running.repository().commit(moves));

        assertThat(uid(pvc()), is(data));
        assertThat(pvc().getMetadata().getDeletionTimestamp(), is(nullValue()));
        assertThat(tracking(pvc()), startsWith(beta + ":"));
        assertThat(uid(configMap("config")), is(config));
        assertThat(tracking(configMap("config")), startsWith(alpha + ":"));
        assertThat(
                running.progress(), hasItem(beta + ": adopted PersistentVolumeClaim data from application " + alpha));
        assertThat(running.progress(), not(hasItem(containsString("pruned"))));
    }

    @Test
    public void nothingIsDeletedWhileTheNewApplicationCannotBeRendered() throws Exception {
        String data = uid(pvc());
        Map<String, String> moves = new HashMap<>();
        moves.put("alpha/pvc.yaml", null);
        moves.put("beta/pvc.yaml", PVC);
        moves.put("beta/broken.yaml", "kind: [");
        String broken = running.repository().commit(moves);

        ApplicationStatus waiting = running.await(
                alpha,
                status -> broken.equals(status.comparedRevision())
                        && status.resources().stream()
                                .anyMatch(r -> String.valueOf(r.message()).contains("which may contain it")));
        assertThat(waiting.sync(), is("OutOfSync"));
        running.stop();
        running.start();
        running.await(alpha, status -> status.resources().stream()
                .anyMatch(r -> String.valueOf(r.message()).contains("which may contain it")));
        assertThat(uid(pvc()), is(data));

        Map<String, String> repair = new HashMap<>();
        repair.put("beta/broken.yaml", null);
        awaitBoth(running.repository().commit(repair));

        assertThat(uid(pvc()), is(data));
        assertThat(pvc().getMetadata().getDeletionTimestamp(), is(nullValue()));
        assertThat(tracking(pvc()), startsWith(beta + ":"));
    }

    @Test
    public void nothingIsDeletedWhileTheNewApplicationCannotBeSynced() throws Exception {
        String data = uid(pvc());
        Map<String, String> moves = new HashMap<>();
        moves.put("alpha/pvc.yaml", null);
        moves.put("beta/pvc.yaml", PVC);
        moves.put("beta/refused.yaml", CONFIG.replace("name: config", "name: Not-A-Name"));
        String refused = running.repository().commit(moves);

        running.await(alpha, status -> isSynced(status, refused));
        running.await(
                beta, status -> status.operation() != null && status.operation().message() != null);
        assertThat(uid(pvc()), is(data));
        assertThat(tracking(pvc()), startsWith(alpha + ":"));

        awaitBoth(running.repository().remove("beta/refused.yaml"));

        assertThat(uid(pvc()), is(data));
        assertThat(tracking(pvc()), startsWith(beta + ":"));
    }

    @Test
    public void renamedApplicationKeepsItsObjects() throws Exception {
        String data = uid(pvc());
        String renamed = "renamed-" + namespace.name();

        String commit =
                running.repository().commit(Map.of(ApplicationYaml.file("alpha"), application(renamed, "alpha")));
        running.await(renamed, status -> isSynced(status, commit));

        assertThat(uid(pvc()), is(data));
        assertThat(tracking(pvc()), startsWith(renamed + ":"));
        assertThat(tracking(configMap("other")), startsWith(renamed + ":"));
        awaitRemoval(renamed);
    }

    @Test
    public void objectInTwoFoldersStaysWithTheFirst() throws Exception {
        running.repository().commit(Map.of("beta/pvc.yaml", PVC));

        ApplicationStatus refused = running.await(
                beta, status -> status.operation() != null && status.operation().message() != null);

        assertThat(refused.operation().message(), containsString("belongs to application " + alpha + ", whose folder"));
        assertThat(tracking(pvc()), startsWith(alpha + ":"));
    }

    @Test
    public void namespaceOfTwoApplicationsIsSharedWithAWarning() throws Exception {
        String shared = "shared-" + namespace.name();
        String manifest = "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + shared + ", labels: {team: %s}}\n";
        awaitBoth(running.repository().commit(Map.of("alpha/ns.yaml", manifest.formatted("a"))));
        awaitBoth(running.repository().commit(Map.of("beta/ns.yaml", manifest.formatted("b"))));
        try {
            assertThat(awaitWarning(alpha), containsString("Namespace " + shared + " is shared with " + beta));
            assertThat(
                    awaitWarning(beta), containsString("Namespace " + shared + " is applied by application " + alpha));
            assertThat(label(shared), is("a"));
            String uid = uid(client.namespaces().withName(shared).get());

            String dropped = running.repository().remove("alpha/ns.yaml");
            awaitBoth(dropped);
            running.await(
                    beta,
                    status -> "b".equals(label(shared)) && status.conditions().isEmpty());

            assertThat(uid(client.namespaces().withName(shared).get()), is(uid));
            assertThat(
                    client.namespaces().withName(shared).get().getMetadata().getDeletionTimestamp(), is(nullValue()));
        } finally {
            running.stop();
            client.namespaces().withName(shared).delete();
        }
    }

    /**
     * Waits until an object that a renamed application no longer contains is pruned: the application owns it by then.
     */
    private void awaitRemoval(String application) throws Exception {
        String commit = running.repository().remove("alpha/other.yaml");
        running.await(application, status -> isSynced(status, commit));
        assertThat(configMap("other"), is(nullValue()));
        assertThat(pvc(), is(notNullValue()));
    }

    private void awaitBoth(String revision) throws InterruptedException {
        running.await(alpha, status -> isSynced(status, revision));
        running.await(beta, status -> isSynced(status, revision));
    }

    private static boolean isSynced(ApplicationStatus status, String revision) {
        return revision.equals(status.syncedRevision()) && status.sync().equals("Synced");
    }

    private String awaitWarning(String application) throws InterruptedException {
        return running.await(application, status -> !status.conditions().isEmpty())
                .conditions()
                .get(0)
                .message();
    }

    private String label(String name) {
        return client.namespaces()
                .withName(name)
                .get()
                .getMetadata()
                .getLabels()
                .get("team");
    }

    private HasMetadata pvc() {
        return client.persistentVolumeClaims()
                .inNamespace(namespace.name())
                .withName("data")
                .get();
    }

    private HasMetadata configMap(String name) {
        return client.configMaps().inNamespace(namespace.name()).withName(name).get();
    }

    private static String uid(HasMetadata object) {
        return object.getMetadata().getUid();
    }

    private static String tracking(HasMetadata object) {
        return object.getMetadata().getAnnotations().get(TRACKING);
    }

    private String application(String name, String path) {
        return new ApplicationYaml(name)
                .path(path)
                .namespace(namespace.name())
                .syncPolicy("automated: {prune: true, selfHeal: true}\n")
                .toString();
    }
}
