package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.ThreadPoolTasks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestRule;

/** The content of program.dat for a waiting step. */
public class SerializedWaitTest {
    private static final Set<String> PLAIN = Set.of(
            AwaitSyncExecution.class.getName(),
            GitopsStepExecution.class.getName(),
            StepExecution.class.getName(),
            AwaitedChange.class.getName(),
            RepositoryBinding.class.getName(),
            FailedAwait.class.getName(),
            ObservedTarget.class.getName(),
            UnhealthyResource.class.getName(),
            ChangeRecord.Outcome.class.getName(),
            "java.lang.Enum",
            "java.util.ArrayList");

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    /** Records the class names of all that is written, except the context, which belongs to Pipeline. */
    private static final class Classes extends ObjectOutputStream {
        private final Set<String> names = new TreeSet<>();

        Classes(ByteArrayOutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            return object instanceof StepContext ? null : object;
        }

        @Override
        protected void annotateClass(Class<?> type) {
            for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
                if (Serializable.class.isAssignableFrom(c)) {
                    names.add(c.getName());
                }
            }
        }
    }

    private static int check(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Classes out = new Classes(bytes)) {
            out.writeObject(object);
            out.flush();
            Set<String> strange = new TreeSet<>(out.names);
            strange.removeAll(PLAIN);
            assertThat(strange, is(Set.of()));
        }
        return bytes.size();
    }

    @Test
    public void aWaitingStepIsPlainDataAndSmall() throws Exception {
        WorkflowRun run = J.start("gitopsSetImage(app: 'payments-api', env: 'dev', tag: 'v2')\n"
                + "gitopsSetImage(app: 'payments-api', env: 'staging', tag: 'v2')\n"
                + "gitopsAwaitSync(stableFor: '1s', onFailure: 'rollback')");
        J.waitForMessage("payments-api/staging: no agent has reported", run);
        J.agent().live("payments-api/dev", J.repository().tip());
        AtomicInteger size = new AtomicInteger();
        StepExecution.acceptAll(AwaitSyncExecution.class, e -> {
                    try {
                        size.set(check(e));
                    } catch (IOException failure) {
                        throw new AssertionError(failure);
                    }
                })
                .get();
        assertThat(size.get(), is(greaterThan(0)));
        assertThat(size.get(), is(lessThan(4096)));
        run.doStop();
        J.waitForCompletion(run);
        ThreadPoolTasks.awaitIdle();
    }

    @Test
    public void failureIsPlainDataAndBounded() throws Exception {
        String endless = "x".repeat(5000);
        List<Report.ResourceStatus> many = Collections.nCopies(
                100,
                new Report.ResourceStatus("Deployment", "payments", "payments-api", "Synced", "Degraded", endless));
        FailedAwait failedAwait = new FailedAwait(
                0,
                ChangeRecord.Outcome.FAILED,
                "broken",
                ObservedTarget.of(new Verdict.Failed(
                        "0123456789012345678901234567890123456789", Health.DEGRADED, many, "broken")));
        assertThat(check(failedAwait.rolledBack("rolled back")), is(lessThan(20 * 700)));
        assertThat(failedAwait.observed.resources().size(), is(Report.ApplicationStatus.MAX_RESOURCES));
        assertThat(
                failedAwait.observed.resources().stream()
                        .map(UnhealthyResource::getMessage)
                        .toList(),
                everyItem(startsWith("xxx")));
        assertThat(failedAwait.observed.resources().get(0).getMessage().length(), is(lessThan(560)));
    }
}
