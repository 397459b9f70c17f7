package io.jenkins.plugins.gitops.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.jenkins.plugins.gitops.agent.kube.ControlPlane;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What the agent deletes, what it keeps, and what needs a confirmation. */
public class PruneKubeTest {
    private static final String CLAIM = "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";

    @Rule
    public final RunningAgent running =
            RunningAgent.withEmptyRepository(() -> ControlPlane.shared().config());

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String namespace = "prune-" + suffix;
    private final String application = "store-" + suffix;
    private final Map<String, String> files = new HashMap<>();
    private KubernetesClient client;

    @Before
    public void addApplication() throws Exception {
        client = ControlPlane.shared().client();
        files.put(ApplicationYaml.file(application), application(application).toString());
    }

    @After
    public void deleteTheNamespace() {
        running.stop();
        client.namespaces().withName(namespace).delete();
    }

    @Test
    public void claimIsDeletedOnceItsRevisionIsConfirmed() throws Exception {
        files.put("store/claim.yaml", object("v1", "PersistentVolumeClaim", "data", "") + CLAIM);
        files.put("store/a.yaml", configMap("a", ""));
        files.put("store/b.yaml", configMap("b", ""));
        startAndAwait();
        files.put("store/claim.yaml", null);
        files.put("store/b.yaml", null);
        String removal = commit();

        ApplicationStatus waiting = awaitConfirmation();

        assertThat(waiting.sync(), is("OutOfSync"));
        ApplicationCondition condition = waiting.conditions().get(0);
        assertThat(condition.revision(), is(removal));
        assertThat(
                condition.message(),
                allOf(
                        containsString("PersistentVolumeClaim data"),
                        containsString("ConfigMap b"),
                        containsString("gitops.jenkins.io/confirm-prune: \"" + removal.substring(0, 12) + "\""),
                        containsString(ApplicationYaml.file(application)),
                        containsString("gitopsSync with prune: true")));
        assertThat(waiting.details().blocked(), is(condition.message()));
        assertThat(claim().getMetadata().getDeletionTimestamp(), is(nullValue()));
        assertThat("what was removed together waits together", map("b"), is(notNullValue()));

        files.put(ApplicationYaml.file(application), confirmed(application(application), removal.substring(0, 12)));
        String confirmation = commit();

        ApplicationStatus done = awaitSynced(confirmation);
        assertThat(done.conditions(), is(empty()));
        assertThat(map("b"), is(nullValue()));
        client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName("data")
                .waitUntilCondition(
                        c -> c == null || c.getMetadata().getDeletionTimestamp() != null, 60, TimeUnit.SECONDS);

        // The confirmation stays in Git, but applies only to what was removed up to its revision.
        files.put("store/claim.yaml", object("v1", "PersistentVolumeClaim", "other", "") + CLAIM);
        awaitSynced(commit());
        files.put("store/claim.yaml", null);
        commit();

        assertThat(
                awaitConfirmation().conditions().get(0).message(), containsString(removal.substring(0, 12) + ", but "));
    }

    @Test
    public void unparsableManifestHoldsBackOnlyObjectsItNames() throws Exception {
        files.put("store/api.yaml", configMap("api", ""));
        files.put("store/named.yaml", configMap("named", ""));
        files.put("store/kept.yaml", configMap("kept", ""));
        startAndAwait();
        files.put(
                ApplicationYaml.file("broken"),
                "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: named\n");
        files.put("store/api.yaml", null);
        files.put("store/named.yaml", null);
        commit();

        running.await(application, status -> status.resources().stream()
                .anyMatch(resourceStatus ->
                        String.valueOf(resourceStatus.message()).contains("broken.yaml")));
        client.configMaps()
                .inNamespace(namespace)
                .withName("api")
                .waitUntilCondition(c -> c == null, 60, TimeUnit.SECONDS);

        assertThat(map("named"), is(notNullValue()));
        files.put(ApplicationYaml.file("broken"), null);
        awaitSynced(commit());
        assertThat(map("named"), is(nullValue()));
    }

    @Test
    public void massDeletionWaitsAndIsCancelledByRestoringTheManifests() throws Exception {
        for (int i = 0; i < 9; i++) {
            files.put("store/" + i + ".yaml", configMap("c" + i, ""));
        }
        startAndAwait();
        String uid = map("c3").getMetadata().getUid();
        for (int i = 0; i < 5; i++) {
            files.put("store/" + i + ".yaml", null);
        }
        files.put("store/8.yaml", configMap("c8", "").replace("a: b", "a: changed"));
        String removal = commit();

        ApplicationStatus waiting = running.await(
                application,
                s -> removal.equals(s.syncedRevision()) && !s.conditions().isEmpty());

        assertThat(waiting.conditions().get(0).message(), containsString("5 of the application's 9 resources"));
        assertThat("the rest of the commit is applied", map("c8").getData(), is(Map.of("a", "changed")));
        for (int i = 0; i < 5; i++) {
            files.put("store/" + i + ".yaml", configMap("c" + i, ""));
        }
        awaitSynced(commit());
        assertThat(map("c3").getMetadata().getUid(), is(uid));
    }

    @Test
    public void pruningTheLastResourcesWaitsEvenWithAllowEmpty() throws Exception {
        files.put("store/kustomization.yaml", "resources: [a.yaml]\n");
        files.put("store/a.yaml", configMap("a", ""));
        files.put(
                ApplicationYaml.file(application),
                application(application).toString().replace("prune: true", "prune: true, allowEmpty: true"));
        startAndAwait();
        files.put("store/kustomization.yaml", "resources: []\n");
        commit();

        assertThat(
                awaitConfirmation().conditions().get(0).message(),
                containsString("the last resources of the application"));
        assertThat(map("a"), is(notNullValue()));
    }

    @Test
    public void commitThatRemovesALittleFromManyApplicationsWaits() throws Exception {
        for (String name : new String[] {"one", "two", "three"}) {
            String app = name + "-" + suffix;
            files.put(ApplicationYaml.file(app), application(app).path(name).toString());
            for (int i = 0; i < 3; i++) {
                files.put(name + "/" + i + ".yaml", configMap(name + i, ""));
            }
        }
        files.remove(ApplicationYaml.file(application));
        running.repository().commit(files);
        running.start();
        String tip = running.repository().tip();
        for (String name : new String[] {"one", "two", "three"}) {
            running.await(name + "-" + suffix, s -> s.sync().equals("Synced") && tip.equals(s.syncedRevision()));
            files.put(name + "/0.yaml", null);
            files.put(name + "/1.yaml", null);
        }
        commit();

        for (String name : new String[] {"one", "two", "three"}) {
            ApplicationStatus waiting =
                    running.await(name + "-" + suffix, s -> !s.conditions().isEmpty());
            assertThat(waiting.conditions().get(0).message(), containsString("6 of the agent's 9 resources"));
            assertThat(map(name + "0"), is(notNullValue()));
        }
    }

    @Test
    public void keepsObjectsAnnotatedToBeKept() throws Exception {
        files.put("store/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + namespace + "}\n");
        files.put("store/a.yaml", configMap("a", ""));
        files.put("store/gone.yaml", configMap("gone", ""));
        files.put("store/option.yaml", configMap("option", "argocd.argoproj.io/sync-options: Prune=false"));
        files.put("store/helm.yaml", configMap("helm", "helm.sh/resource-policy: keep"));
        startAndAwait();
        for (String name : new String[] {"namespace", "gone", "option", "helm"}) {
            files.put("store/" + name + ".yaml", null);
        }
        ApplicationStatus live = awaitSynced(commit());

        assertThat(map("gone"), is(nullValue()));
        assertThat(map("option"), is(notNullValue()));
        assertThat(map("helm"), is(notNullValue()));
        assertThat(client.namespaces().withName(namespace).get().getMetadata().getDeletionTimestamp(), is(nullValue()));
        assertThat(live.conditions(), is(empty()));
        assertThat(
                live.resources().stream()
                        .map(r -> r.name() + ": " + r.message())
                        .toList()
                        .toString(),
                allOf(
                        containsString("option: no longer in Git; kept"),
                        containsString("helm: no longer in Git; kept")));
    }

    @Test
    public void pruneConfirmOptionRequiresConfirmation() throws Exception {
        files.put("store/a.yaml", configMap("a", ""));
        files.put("store/b.yaml", configMap("b", "argocd.argoproj.io/sync-options: Prune=confirm"));
        startAndAwait();
        files.put("store/b.yaml", null);
        String removal = commit();

        assertThat(awaitConfirmation().conditions().get(0).message(), containsString("Prune=confirm of ConfigMap b"));
        files.put(ApplicationYaml.file(application), confirmed(application(application), removal));
        awaitSynced(commit());
        assertThat(map("b"), is(nullValue()));
        assertThat(map("a"), is(not(nullValue())));
    }

    private void startAndAwait() throws Exception {
        String tip = commit();
        running.start();
        running.await(application, s -> s.sync().equals("Synced") && tip.equals(s.syncedRevision()));
    }

    private String commit() throws Exception {
        return running.repository().commit(files);
    }

    private ApplicationStatus awaitConfirmation() throws InterruptedException {
        return running.await(
                application, s -> s.conditions().stream().anyMatch(c -> c.type().equals("PruneConfirmationRequired")));
    }

    private ApplicationStatus awaitSynced(String revision) throws InterruptedException {
        return running.await(application, s -> s.sync().equals("Synced") && revision.equals(s.syncedRevision()));
    }

    private ConfigMap map(String name) {
        return client.configMaps().inNamespace(namespace).withName(name).get();
    }

    private PersistentVolumeClaim claim() {
        return client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName("data")
                .get();
    }

    private ApplicationYaml application(String name) {
        return new ApplicationYaml(name).path("store").namespace(namespace).syncPolicy("""
                automated: {prune: true}
                syncOptions: [CreateNamespace=true]
                """);
    }

    private static String confirmed(ApplicationYaml manifest, String revision) {
        return manifest.annotation("gitops.jenkins.io/confirm-prune", revision).toString();
    }

    private static String configMap(String name, String annotation) {
        return object("v1", "ConfigMap", name, annotation) + "data: {a: b}\n";
    }

    private static String object(String apiVersion, String kind, String name, String annotation) {
        return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: " + name + ", annotations: {"
                + annotation + "}}\n";
    }
}
