package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import jenkins.model.InterruptedBuildAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;

/** What prevents a build from changing an image, and what overrides that. */
public class HoldAndStaleBuildTest {
    private static final String FILE = ServedConfigRepository.imageFile("payments-api/dev");
    private static final String BASE = "services/payments-api/base/deployment.yaml";
    private static final String IMAGE = "ghcr.io/myorg/payments-api";
    private static final String HOLD = ".gitops/holds/dev/payments-api.yaml";
    private static final String FIRST_WAITS = "if (currentBuild.number == 1) { input(id: 'go', message: 'go') }\n";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    private WorkflowRun build(String job, String script) throws Exception {
        return J.waitForCompletion(Pipelines.start(J.job(name.getMethodName() + "-" + job, script), "alice"));
    }

    /** Makes the first build of a job continue after the second one has ended. */
    private WorkflowRun late(String options) throws Exception {
        WorkflowJob job = J.job(FIRST_WAITS
                + "gitopsSetImage(app: 'payments-api', env: 'dev', tag: \"v${currentBuild.number}\"" + options + ")");
        WorkflowRun first = Pipelines.start(job, "alice");
        J.waitForMessage("Proceed", first);
        J.assertBuildStatusSuccess(J.waitForCompletion(Pipelines.start(job, "bob")));
        assertThat(J.repository().read(FILE), containsString("\"v2\""));
        Pipelines.proceed(first);
        return J.waitForCompletion(first);
    }

    @Test
    public void olderBuildThatRunsLateWritesNothing() throws Exception {
        WorkflowRun first = late("");
        J.assertBuildStatus(Result.NOT_BUILT, first);
        String why = name.getMethodName() + " #1 is older than " + name.getMethodName() + " #2, which wrote " + IMAGE
                + ":v2 to payments-api/dev in " + J.repository().tip().substring(0, 8);
        J.assertLogContains("payments-api/dev was not updated: " + why, first);
        J.assertLogNotContains("Exception", first);
        InterruptedBuildAction action = first.getAction(InterruptedBuildAction.class);
        assertThat(action.getCauses().get(0), instanceOf(StaleBuildCause.class));
        assertThat(((StaleBuildCause) action.getCauses().get(0)).getTarget(), is("payments-api/dev"));
        assertThat(((StaleBuildCause) action.getCauses().get(0)).getSummary(), containsString(why));
        assertThat(J.repository().commits().size(), is(2));
    }

    @Test
    public void forceOverridesTheStaleBuildCheck() throws Exception {
        J.assertBuildStatusSuccess(late(", force: true"));
        assertThat(J.repository().read(FILE), containsString("\"v1\""));
    }

    @Test
    public void onlyPeopleInThePolicyMayRollBack() throws Exception {
        String policy = J.repository().read("gitops.yaml");
        J.repository()
                .write(
                        "gitops.yaml",
                        policy.replace("- name: dev\n", "- name: dev\n  rollback: {users: [bob]}\n"),
                        "policy");
        J.assertBuildStatusSuccess(build("set", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')"));
        WorkflowJob job = J.job(
                name.getMethodName() + "-back",
                "gitopsRollback(app: 'payments-api', env: 'dev', reason: 'it leaks memory')");
        WorkflowRun alice = J.waitForCompletion(Pipelines.start(job, "alice"));
        J.assertBuildStatus(Result.FAILURE, alice);
        J.assertLogContains("alice may not roll back dev, only user bob may. Ask one of them.", alice);
        assertThat(J.repository().read(FILE), containsString("\"v2\""));
        J.assertBuildStatusSuccess(J.waitForCompletion(Pipelines.start(job, "bob")));
        assertThat(J.repository().read(FILE), containsString("sha-a1b2c3d"));
    }

    @Test
    public void heldTargetErrorNamesPersonAndReason() throws Exception {
        J.assertBuildStatusSuccess(build(
                "a",
                "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                        + "def r = gitopsRollback(app: 'payments-api', env: 'dev', reason: 'it leaks memory')\n"
                        + "echo \"files: ${r.files}\""));
        J.assertLogContains(
                HOLD,
                J.jenkins
                        .getItemByFullName(name.getMethodName() + "-a", WorkflowJob.class)
                        .getLastBuild());
        String held = J.repository().tip();
        for (String options : new String[] {"", ", force: true"}) {
            WorkflowRun run = build(
                    "b" + options.length(),
                    "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v3'" + options + ")");
            J.assertBuildStatus(Result.FAILURE, run);
            J.assertLogContains(
                    "ERROR: " + HOLD + ": payments-api/dev is held by alice: it leaks memory. Release it first, on its"
                            + " history page in Jenkins or with the command release.",
                    run);
        }
        assertThat(J.repository().tip(), is(held));
        J.repository().remove(HOLD, "Release it");
        J.assertBuildStatusSuccess(build("c", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v3')"));
    }

    @Test
    public void nextBuildWritesAgainWithoutAHold() throws Exception {
        J.assertBuildStatusSuccess(build(
                "a",
                "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                        + "gitopsRollback(app: 'payments-api', env: 'dev', reason: 'broken', hold: false)"));
        J.assertBuildStatusSuccess(build("b", "gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v3')"));
        assertThat(J.repository().read(FILE), containsString("\"v3\""));
    }

    @Test
    public void severalImagesAreSetInOneCommit() throws Exception {
        J.repository()
                .write(
                        FILE,
                        J.repository().read(FILE) + "- name: ghcr.io/myorg/worker\n  newTag: v1\n",
                        "add a worker");
        String digest = "sha256:" + "0".repeat(64);
        WorkflowRun run = build(
                "a",
                "def r = gitopsSetImage(app: 'payments-api', env: 'dev', images: ['" + IMAGE
                        + ":v2', 'ghcr.io/myorg/worker@" + digest + "'])\n"
                        + "echo \"previous: ${r.previous}\"");
        J.assertBuildStatusSuccess(run);
        J.assertLogContains("previous: " + IMAGE + ":sha-a1b2c3d, ghcr.io/myorg/worker:v1", run);
        String file = J.repository().read(FILE);
        assertThat(file, containsString("\"v2\""));
        assertThat(file, containsString("digest: " + digest));
        assertThat(J.repository().commits().size(), is(3));
    }

    private void refusedImages(String arguments, String message) throws Exception {
        WorkflowRun run = build(
                "job" + Math.abs(arguments.hashCode()),
                "gitopsSetImage(app: 'payments-api', env: 'dev', " + arguments + ")");
        J.assertBuildStatus(Result.FAILURE, run);
        J.assertLogContains(message, run);
        J.assertLogNotContains("Exception", run);
        assertThat(J.repository().commits().size(), is(1));
    }

    @Test
    public void invalidImagesAreRejected() throws Exception {
        String together =
                "ERROR: images cannot be combined with image, tag or digest. Use either images or the others.";
        refusedImages("images: ['" + IMAGE + ":v2'], tag: 'v2'", together);
        refusedImages("images: ['" + IMAGE + ":v2'], image: '" + IMAGE + "'", together);
        refusedImages("images: []", "ERROR: images is empty. Name at least one image, as registry/name:tag.");
        refusedImages("images: ['" + IMAGE + ":v2', '" + IMAGE + ":v3']", "is requested twice");
        refusedImages("images: ['" + IMAGE + "']", IMAGE);
        refusedImages("images: ['" + IMAGE + ":v2', 'ghcr.io/myorg/new:v1']", "ghcr.io/myorg/new");
    }

    @Test
    public void createAddsAnEntry() throws Exception {
        String step = "gitopsSetImage(app: 'payments-api', env: 'dev', images: ['ghcr.io/myorg/new:v1'], create: true)";
        WorkflowRun refused = build("a", step);
        J.assertBuildStatus(Result.FAILURE, refused);
        J.assertLogContains(
                FILE + ": No manifest of payments-api/dev uses image ghcr.io/myorg/new, so an entry for it would change"
                        + " nothing. Use one of " + IMAGE + ", or add the workload in Git first.",
                refused);
        String container = "      containers:\n      - name: new\n        image: ghcr.io/myorg/new\n";
        J.repository().replace(BASE, "      containers:\n", container, "Add a container");
        J.assertBuildStatusSuccess(build("b", step));
        String file = J.repository().read(FILE);
        assertThat(file, containsString("ghcr.io/myorg/new"));
        assertThat(file, containsString(IMAGE));
        String remote = "resources: ['https://git.example.com/base?ref=v1']\n";
        J.repository().write("services/payments-api/base/kustomization.yaml", remote, "Use a remote base");
        WorkflowRun unchecked = build("c", step.replace("new:v1", "other:v1"));
        J.assertBuildStatusSuccess(unchecked);
        J.assertLogContains(
                "It could not be checked whether a manifest of payments-api/dev uses ghcr.io/myorg/other: ", unchecked);
    }
}
