package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.sameInstance;

import hudson.AbortException;
import hudson.model.Result;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.Health;
import io.jenkins.plugins.gitops.core.model.ImagePolicy;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.Report;
import io.jenkins.plugins.gitops.promotion.PromotionRejectedCause;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.Test;

/**
 * Text from Git, a cluster or a person cannot start a new line in a build's log, where it could claim that the build
 * succeeded, and cannot hide a link there. The same text is used for each way into the log.
 */
public class LogInjectionTest {
    private static final RepositoryBinding CONFIG = RepositoryBinding.of(configuration());
    private static final String EVIL =
            "no\r\nFinished: SUCCESS\n\u0085x\u2028y\u000b\u001b[8mha:AAAA\u001b[0m\u0000\u202e" + (char) 0xD800;

    private static void assertOneLine(String text) {
        assertThat(text, containsString("no Finished: SUCCESS"));
        assertThat("a line, or a control character", text.chars().anyMatch(LogInjectionTest::isBad), is(false));
    }

    private static boolean isBad(int c) {
        return Character.getType(c) == Character.CONTROL || c == 0x2028 || c == 0x2029 || c == 0x202E || c == 0xD800;
    }

    private static RepositoryConfiguration configuration() {
        RepositoryConfiguration configuration =
                new RepositoryConfiguration("config", "https://git.example.com/config.git");
        configuration.setBranch("main");
        return configuration;
    }

    @Test
    public void verdictsCannotForgeLogLines() {
        List<Report.ResourceStatus> resources =
                List.of(new Report.ResourceStatus("Job", null, "j", "Synced", "Degraded", EVIL));
        for (Verdict verdict : List.of(
                new Verdict.Waiting(EVIL),
                new Verdict.Live("1", Health.HEALTHY, EVIL),
                new Verdict.Superseded("1", EVIL),
                new Verdict.Reverted("1", EVIL),
                new Verdict.Failed("1", Health.DEGRADED, resources, EVIL))) {
            assertOneLine(verdict.summary());
        }
    }

    @Test
    public void errorsCannotForgeLogLines() {
        assertOneLine(new UserErrorException(EVIL, "Look").getMessage());
        assertOneLine(new UserErrorException("It is wrong", EVIL).getMessage());
        Throwable abort = GitopsStepExecution.onOneLine(new AbortException(EVIL));
        assertThat(abort, is(instanceOf(AbortException.class)));
        assertOneLine(abort.getMessage());
        Throwable unforeseen = GitopsStepExecution.onOneLine(new IllegalStateException(EVIL, new IOException(EVIL)));
        assertOneLine(unforeseen.getMessage());
        assertThat(unforeseen.getMessage(), containsString("IllegalStateException"));
        assertThat("its message would be printed as well", unforeseen.getCause(), is(nullValue()));
        Throwable plain = new IllegalStateException("as it should be");
        assertThat(GitopsStepExecution.onOneLine(plain), is(sameInstance(plain)));
    }

    @Test
    public void progressCannotForgeLogLines() {
        assertOneLine(GitopsStepExecution.oneLine(EVIL));
    }

    @Test
    public void causesOfInterruptionCannotForgeLogLines() throws Exception {
        for (CauseOfInterruption cause : List.of(
                new NotLiveCause(EVIL, ChangeRecord.Outcome.FAILED, "s", List.of(), null),
                new NotLiveCause("a/dev", ChangeRecord.Outcome.FAILED, EVIL, List.of(), null),
                new NotLiveCause("a/dev", ChangeRecord.Outcome.FAILED, "s", List.of(), EVIL),
                new StaleBuildCause(EVIL, "s"),
                new StaleBuildCause("a/dev", EVIL),
                new PromotionRejectedCause(EVIL, "u", "r"),
                new PromotionRejectedCause("a/dev", EVIL, "r"),
                new PromotionRejectedCause("a/dev", "u", EVIL))) {
            assertOneLine(cause.getShortDescription());
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            try (StreamTaskListener listener = new StreamTaskListener(log, StandardCharsets.UTF_8)) {
                cause.print(listener);
            }
            assertThat("the error has the line", log.size(), is(0));
            FlowInterruptedException interruption = StepInterruption.of(Result.FAILURE, cause);
            new ErrorAction(interruption);
            assertThat("nothing more is printed", interruption.getSuppressed().length, is(0));
            assertThat(interruption.getCause(), is(instanceOf(AbortException.class)));
            assertOneLine(interruption.getCause().getMessage());
        }
    }

    @Test
    public void awaitResultsCannotForgeLogLines() {
        Target target = new Target("shop", "dev", "apps/shop", null);
        AwaitedChange change =
                new AwaitedChange(CONFIG, "op", target, "1".repeat(40), List.of(), ImagePolicy.WHERE_SEEN);
        Report.ResourceStatus resourceStatus = new Report.ResourceStatus("Job", null, "j", "Synced", "Degraded", EVIL);
        ObservedTarget observedTarget =
                ObservedTarget.of(new Verdict.Failed("1", Health.DEGRADED, List.of(resourceStatus), "s"));
        FailedAwait failedAwait =
                new FailedAwait(0, ChangeRecord.Outcome.FAILED, EVIL, observedTarget).rolledBack(EVIL);
        AwaitResult end = new AwaitResult(List.of(change), List.of(failedAwait));
        assertOneLine(end.cause().getShortDescription());
        assertOneLine(end.cause().getRollback());
        assertOneLine(String.valueOf(end.cause().getResources().get(0).getMessage()));
        FlowInterruptedException interruption = end.interruption(Result.FAILURE);
        assertThat(GitopsStepExecution.onOneLine(interruption), is(sameInstance(interruption)));
        assertThat(end.result().toString(), not(containsString("\n")));
    }
}
