package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.promotion.PendingPromotions;
import io.jenkins.plugins.gitops.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;

/**
 * Several services in one target, each with its own pipeline: a step that names one of them does not change the others.
 */
public class SelectedImagesTest {
    private static final String API = "ghcr.io/myorg/payments-api";
    private static final String WORKER = "ghcr.io/myorg/worker";
    private static final String STAGING = "payments-api/staging";
    private static final String STAGING_FILE = ServedConfigRepository.imageFile(STAGING);
    private static final String PRODUCTION_FILE = ServedConfigRepository.imageFile("payments-api/production");

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    @Before
    public void twoServices() throws Exception {
        for (String file : new String[] {STAGING_FILE, PRODUCTION_FILE}) {
            String text = J.repository().read(file) + "- name: " + WORKER + "\n  newTag: w1\n";
            J.repository().write(file, text, "Add a worker");
        }
    }

    private WorkflowRun start(String script) throws Exception {
        return J.start(script);
    }

    private WorkflowRun build(String script) throws Exception {
        return J.assertBuildStatusSuccess(J.waitForCompletion(start(script)));
    }

    @Test
    public void approvalIsForTheSelectedImageOnly() throws Exception {
        String text = J.repository().read(STAGING_FILE);
        String tip = J.repository()
                .write(STAGING_FILE, text.replace("sha-a1b2c3d", "v2").replace("w1", "w2"), "both");
        J.agent().live(STAGING, tip);
        String before = J.repository().read(PRODUCTION_FILE);
        WorkflowRun run = start("def p = gitopsPromote(app: 'payments-api', from: 'staging', to: 'production', image: '"
                + WORKER + "')\necho \"previous: ${p.previous}\"");
        J.waitForMessage("Approve or reject", run);
        PromotionRequest request = TestUsers.pending("bob").request();
        assertThat(request.getImages(), contains(WORKER + ":w2"));
        assertThat(request.getPrevious(), contains(WORKER + ":w1"));
        TestUsers.as("bob", () -> PendingPromotions.get().approve(request.getId(), 0, null));
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        J.assertLogContains("previous: " + WORKER + ":w1", run);
        assertThat(J.repository().read(PRODUCTION_FILE), is(before.replace("w1", "w2")));
        assertThat(trailers().all(Trailers.IMAGE), contains(WORKER + ":w1 -> " + WORKER + ":w2"));
    }

    @Test
    public void onlyTheSelectedImageIsRolledBack() throws Exception {
        build("gitopsSetImage app: 'payments-api', env: 'staging', images: ['" + API + ":v2', '" + WORKER + ":w2']\n"
                + "gitopsRollback app: 'payments-api', env: 'staging', reason: 'bad', images: ['" + WORKER + "']");
        assertThat(trailers().all(Trailers.IMAGE), contains(WORKER + ":w2 -> " + WORKER + ":w1"));
        assertThat(trailers().first(Trailers.HOLD), is(Optional.of("held")));
    }

    @Test
    public void rollbackOfTheOwnChangeKeepsTheImageOfAnotherBuild() throws Exception {
        WorkflowRun run = start("gitopsSetImage app: 'payments-api', env: 'staging', image: '" + API + "', tag: 'v2'\n"
                + "input(id: 'go', message: 'go')\n"
                + "gitopsRollback app: 'payments-api', env: 'staging', reason: 'bad'");
        J.waitForMessage("Proceed", run);
        String text = J.repository().read(STAGING_FILE);
        J.repository().write(STAGING_FILE, text.replace("w1", "w2"), "the worker's build");
        Pipelines.proceed(run);
        J.assertBuildStatusSuccess(J.waitForCompletion(run));
        assertThat(trailers().all(Trailers.IMAGE), contains(API + ":v2 -> " + API + ":sha-a1b2c3d"));
        assertThat(
                J.repository().read(STAGING_FILE),
                is(text.replace("v2", "sha-a1b2c3d").replace("w1", "w2")));
    }

    @Test
    public void imageAndImagesTogetherAreRejected() throws Exception {
        for (String step : new String[] {
            "gitopsPromote app: 'payments-api', from: 'staging', to: 'production', image: 'a', images: ['b']",
            "gitopsRollback app: 'payments-api', env: 'staging', reason: 'bad', image: 'a', images: ['b']"
        }) {
            WorkflowRun run = J.build(Result.FAILURE, J.job(name.getMethodName() + step.substring(6, 9), step));
            J.assertLogContains("images cannot be combined with image. Use one of them.", run);
        }
    }

    private Trailers trailers() throws Exception {
        return J.repository().trailers(J.repository().tip());
    }
}
