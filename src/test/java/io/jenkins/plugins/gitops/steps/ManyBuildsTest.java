package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.Pipelines;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.ServedConfigRepository;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** Many builds that write to one repository concurrently, without any executor. */
public class ManyBuildsTest {
    private static final int BUILDS = 30;
    private static final int TARGETS = 10;

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Test
    public void allLandOnceInFewPushes() throws Exception {
        addTargets();
        int before = J.repository().commits().size();
        SlowFirstPush server = new SlowFirstPush();
        J.server().setHook(server);

        List<WorkflowRun> runs = new ArrayList<>();
        for (int i = 0; i < BUILDS; i++) {
            runs.add(Pipelines.start(
                    J.job(
                            "build-" + i,
                            "def r = gitopsSetImage(app: 'app" + i % TARGETS + "', env: 'dev', tag: 'v" + i + "')\n"
                                    + "echo \"operation ${r.operation} in ${r.revision}\""),
                    "alice"));
        }
        Polling.until(() -> writing() == BUILDS);
        // All builds have submitted their changes; those after the first push are pushed together.
        ThreadPoolTasks.awaitIdle();
        server.goOn.countDown();

        List<String> operations = new ArrayList<>();
        for (WorkflowRun run : runs) {
            J.assertBuildStatusSuccess(J.waitForCompletion(run));
            ChangeRecord change =
                    run.getAction(GitopsChangesAction.class).getChanges().get(0);
            J.assertLogContains("operation " + change.getOperation() + " in " + change.getRevision(), run);
            assertThat(change.isChanged(), is(true));
            operations.add(change.getOperation());
        }
        List<RevCommit> commits = J.repository().commits();
        List<String> written = commits.subList(0, commits.size() - before).stream()
                .map(c -> Trailers.parse(c.getFullMessage())
                        .first(Trailers.OPERATION)
                        .orElseThrow())
                .toList();
        assertThat(written, containsInAnyOrder(operations.toArray()));
        assertThat(server.pushes.get(), lessThanOrEqualTo(3));
        assertThat(J.jenkins.getNumExecutors(), is(0));
    }

    private static void addTargets() throws Exception {
        String overlay = J.repository().read("services/payments-api/overlays/dev/kustomization.yaml");
        String image = J.repository().read(ServedConfigRepository.imageFile("payments-api/dev"));
        for (int i = 0; i < TARGETS; i++) {
            J.repository()
                    .write(
                            ServedConfigRepository.path("app" + i + "/dev") + "/kustomization.yaml",
                            overlay,
                            "add app" + i);
            J.repository().write(ServedConfigRepository.imageFile("app" + i + "/dev"), image, "add app" + i);
        }
    }

    private static int writing() throws Exception {
        AtomicInteger count = new AtomicInteger();
        StepExecution.acceptAll(ChangeExecution.class, e -> count.incrementAndGet())
                .get();
        return count.get();
    }

    /** Counts pushes; the first one is blocked until released. */
    private static final class SlowFirstPush implements GitServerHook {
        private final AtomicInteger pushes = new AtomicInteger();
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void beforePush(String repository, List<ReceiveCommand> commands) {
            if (pushes.incrementAndGet() == 1) {
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
