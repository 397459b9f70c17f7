package io.jenkins.plugins.gitops.agent.live;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.jenkins.plugins.gitops.core.await.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Waits that are decided by the status of a real Argo CD. */
public class ArgoCdLiveTest {
    /** The limit for one wait, without the request that starts the stream. */
    private static final int MOST_REQUESTS = 5;

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static ArgoCdPlane argo;
    private static String token;
    private static ArgoCdReader reader;

    @BeforeClass
    public static void startArgoCd() throws Exception {
        argo = ArgoCdPlane.shared();
        token = argo.token("jenkins");
        reader = ArgoCdReader.start(argo.url(), token);
    }

    @AfterClass
    public static void stopReading() {
        reader.close();
    }

    @Test
    public void changeIsLiveWithFewRequests() throws Exception {
        try (ArgoCdDelivery web = deployed(argo.namespace(), reader);
                RequestCounter counter = RequestCounter.start(argo.url());
                ArgoCdReader counted = ArgoCdReader.start(counter.url(), token)) {
            Thread.sleep(5_000);
            counter.reset();
            String commit = web.delivery().setTag("1.1");

            Verdict.Live live = web.await(commit, "1.1", counted).until(Verdict.Live.class);

            assertThat(live.syncedRevision(), is(commit));
            assertThat(counter.requests().toString(), counter.requests().size(), lessThanOrEqualTo(MOST_REQUESTS));
        }
    }

    @Test
    public void imageThatCannotBePulledFailsThroughItsDeployment() throws Exception {
        try (ArgoCdDelivery web = deployed()) {
            web.delivery().impatientRollOut();
            String commit = web.delivery().setTag("1.1-broken");

            Verdict.Failed failed = web.await(commit, "1.1-broken", reader).until(Verdict.Failed.class);

            assertThat(
                    failed.summary(),
                    containsString("Deployment " + web.delivery().app()));
        }
    }

    @Test
    public void commitThatChangesNothingInTheClusterIsLive() throws Exception {
        try (ArgoCdDelivery web = deployed()) {
            String commit =
                    web.delivery().edit("deployment.yaml", "(?m)^kind: Deployment$", "kind: Deployment # as ever");

            web.await(commit, "1.0", reader).until(Verdict.Live.class);
        }
    }

    @Test
    public void imageThatTheApplicationOverridesIsNotLive() throws Exception {
        try (ArgoCdDelivery web = deployed()) {
            web.patch("{\"source\": {\"kustomize\": {\"images\": [\"" + LiveRepository.IMAGE + ":0.9\"]}}}");
            String commit = web.delivery().setTag("1.1");
            LiveWait wait = web.await(commit, "1.1", reader);

            wait.untilWaiting(allOf(containsString("spec.source.kustomize.images"), containsString("0.9")));
            web.patch("{\"source\": {\"kustomize\": null}}");

            wait.until(Verdict.Live.class);
        }
    }

    @Test
    public void hookThatFailsAfterTheSyncFails() throws Exception {
        try (ArgoCdDelivery web = deployed()) {
            Map<String, String> files = new HashMap<>();
            files.put(web.delivery().file("hook.yaml"), """
                    apiVersion: batch/v1
                    kind: Job
                    metadata:
                      name: smoke
                      annotations: {argocd.argoproj.io/hook: PostSync, argocd.argoproj.io/hook-delete-policy: BeforeHookCreation}
                    spec:
                      backoffLimit: 0
                      template:
                        spec:
                          restartPolicy: Never
                          containers:
                          - {name: smoke, image: "ghcr.io/acme/smoke:1.0-fail"}
                    """);
            String file = web.delivery().file("kustomization.yaml");
            files.put(
                    file,
                    web.delivery()
                            .repository()
                            .read(file)
                            .replace("- deployment.yaml", "- deployment.yaml\n- hook.yaml")
                            .replace("1.0", "1.1"));
            String commit = web.delivery().repository().commit(files);

            Verdict.Failed failed = web.await(commit, "1.1", reader).until(Verdict.Failed.class);

            assertThat(failed.summary(), containsString("smoke"));
        }
    }

    @Test
    public void waitContinuesUntilAnUnrenderableFolderIsRepaired() throws Exception {
        try (ArgoCdDelivery web = deployed()) {
            String broken = web.delivery().edit("kustomization.yaml", "- deployment.yaml", "- gone.yaml");
            LiveWait first = web.await(broken, "1.0", reader);
            first.until(Verdict.Failed.class);

            String repaired = web.delivery().edit("kustomization.yaml", "- gone.yaml", "- deployment.yaml");

            web.await(repaired, "1.0", reader).until(Verdict.Live.class);
        }
    }

    @Test
    public void pinnedRevisionIsStalled() throws Exception {
        try (ArgoCdDelivery web = deployed()) {
            web.patch("{\"source\": {\"targetRevision\": \""
                    + web.delivery().repository().tip() + "\"}}");
            String commit = web.delivery().setTag("1.1");

            Verdict.Stalled stalled = web.await(commit, "1.1", reader).until(Verdict.Stalled.class);

            assertThat(stalled.summary(), containsString("targetRevision"));
        }
    }

    @Test
    public void closedSyncWindowIsNamedAndAwaited() throws Exception {
        try (ArgoCdDelivery web = deployed()) {
            argo.patchProject(
                    "{\"syncWindows\": [{\"kind\": \"deny\", \"schedule\": \"* * * * *\", \"duration\": \"1h\","
                            + " \"applications\": [\"" + web.delivery().app() + "\"]}]}");
            String commit = web.delivery().setTag("1.1");
            LiveWait wait = web.await(commit, "1.1", reader);

            wait.untilWaiting(containsString("window"));
            argo.patchProject("{\"syncWindows\": null}");

            wait.until(Verdict.Live.class);
        }
    }

    @Test
    public void disabledAutomationIsNamedAndAwaited() throws Exception {
        try (ArgoCdDelivery web = deployed()) {
            web.patch("{\"syncPolicy\": {\"automated\": null}}");
            String commit = web.delivery().setTag("1.1");
            LiveWait wait = web.await(commit, "1.1", reader);

            wait.untilWaiting(containsString("automat"));
            web.patch("{\"syncPolicy\": {\"automated\": {\"prune\": true, \"selfHeal\": true}}}");

            wait.until(Verdict.Live.class);
        }
    }

    @Test
    public void applicationInAnotherNamespaceIsFound() throws Exception {
        try (ArgoCdDelivery web = deployed(argo.otherNamespace(), reader)) {
            String commit = web.delivery().setTag("1.1");

            web.await(commit, "1.1", reader).until(Verdict.Live.class);
        }
    }

    private static ArgoCdDelivery deployed() throws Exception {
        return deployed(argo.namespace(), reader);
    }

    private static ArgoCdDelivery deployed(String namespace, ArgoCdReader reader) throws Exception {
        return ArgoCdDelivery.deployed(folder(), namespace, reader);
    }

    private static Path folder() throws IOException {
        return FOLDER.newFolder().toPath();
    }
}
