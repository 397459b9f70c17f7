package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.agent.application.ApplicationSpec;
import io.jenkins.plugins.gitops.agent.application.ApplicationSpecBuilder;
import io.jenkins.plugins.gitops.agent.cluster.DesiredState;
import io.jenkins.plugins.gitops.agent.cluster.SecretMask;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** A fault of the agent never shows the value of a Secret that it was processing. */
public class UnexpectedFailureTest {
    private static final String PASSWORD = "correct-horse-battery";

    private final RuntimeException failure =
            new IllegalStateException("cannot read " + PASSWORD, new IllegalArgumentException("bad: " + PASSWORD));

    @Test
    public void messageIsOmittedWhileSecretsAreUnknown() {
        UnexpectedFailure unexpected = UnexpectedFailure.of(failure, null);

        assertThat(
                unexpected.summary(),
                startsWith("internal error: java.lang.IllegalStateException at "
                        + getClass().getName()));
        assertThat(unexpected.summary(), not(containsString(PASSWORD)));
        assertThat(printed(unexpected), not(containsString(PASSWORD)));
    }

    @Test
    public void knownValuesAreHiddenAndTheRestIsShown() throws Exception {
        UnexpectedFailure unexpected = UnexpectedFailure.of(failure, mask());

        assertThat(
                unexpected.summary(),
                startsWith("internal error: java.lang.IllegalStateException: cannot read (hidden) at "));
        assertThat(printed(unexpected), containsString("java.lang.IllegalArgumentException: bad: (hidden)"));
        assertThat(printed(unexpected), not(containsString(PASSWORD)));
    }

    @Test
    public void stackTracesAndCausesStay() {
        String printed = printed(UnexpectedFailure.of(failure, null));

        assertThat(printed, containsString("Caused by: java.lang.IllegalArgumentException"));
        assertThat(printed, containsString("at " + getClass().getName()));
    }

    private static String printed(Throwable throwable) {
        StringWriter text = new StringWriter();
        throwable.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static SecretMask mask() throws Exception {
        ApplicationSpec spec = new ApplicationSpecBuilder("path", "shop")
                .createNamespace(false)
                .build();
        Map<String, Object> secret = Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Secret",
                "metadata",
                Map.of("name", "s"),
                "stringData",
                Map.of("password", PASSWORD));
        return SecretMask.of(DesiredState.of("web", spec, List.of(secret)));
    }
}
