package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.report.Report.ApplicationCondition;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

public class SharedResourceWarningsTest {
    private static final Instant THEN = Instant.parse("2026-11-30T10:00:00Z");
    private static final Instant NOW = THEN.plusSeconds(60);

    private final SharedResourceWarnings shared = new SharedResourceWarnings();

    @Test
    public void warningKeepsTheTimeItWasFirstSeen() {
        shared.conditions(List.of("one"), THEN);

        assertThat(
                shared.conditions(List.of("one", "two"), NOW), is(List.of(warning("one", THEN), warning("two", NOW))));
    }

    @Test
    public void recurringWarningIsNew() {
        shared.conditions(List.of("one"), THEN);

        assertThat(shared.conditions(List.of(), NOW), is(List.of()));
        assertThat(shared.conditions(List.of("one"), NOW), is(List.of(warning("one", NOW))));
    }

    private static ApplicationCondition warning(String message, Instant at) {
        return new ApplicationCondition("SharedResourceWarning", message, null, at.toString());
    }
}
