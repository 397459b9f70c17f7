package io.jenkins.plugins.gitops.core.git;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertThrows;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.Arrays;
import java.util.Map;
import org.junit.Test;

public class SubjectTemplateTest {
    private static final String IMAGE = "ghcr.io/org/api:v1 -> ghcr.io/org/api:v2";

    @Test
    public void placeholdersAreReplaced() {
        assertThat(subject("{summary}", "", null), is("Set api in dev to v2"));
        assertThat(subject("{ticket}: {summary}", "", "OPS-12"), is("OPS-12: Set api in dev to v2"));
        assertThat(
                subject("deploy({env}): {app} {image} ({reason})", "[skip ci]", null),
                is("deploy(dev): api ghcr.io/org/api:v2 (OPS-12: Release) [skip ci]"));
        assertThat(subject("$1 \\{summary}", "", null), is("$1 \\Set api in dev to v2"));
    }

    @Test
    public void missingValueLeavesNoGap() {
        ChangePlan hold = new ChangePlan(Map.of(), "Hold api in dev", trailers("api/dev"));
        assertThat(template("{ticket}: {app} {image} [{reason}]", "", null).subject(hold), is("api"));
        assertThat(template("{ticket} - {reason}", "[ci skip]", null).subject(hold), is("Hold api in dev [ci skip]"));
        assertThat(template("{env}: {image}", "", null).subject(hold), is("dev"));
    }

    @Test
    public void subjectIsOneBoundedLineWhateverTheReason() {
        Trailers longReason = trailers("api/dev").with(Trailers.REASON, "x".repeat(1000));
        String subject = template("{app} {reason} {reason} {reason}", "[skip ci]", null)
                .subject(new ChangePlan(Map.of(), "Set", longReason));
        assertThat(subject.length(), lessThanOrEqualTo(260));
        assertThat(subject.endsWith("... [skip ci]"), is(true));
        assertThat(
                template("{ticket}", "", "A\nGitops-Operation: forged").subject(plan()),
                is("A Gitops-Operation: forged"));
    }

    @Test
    public void unusableTemplatesAreRejected() throws Exception {
        SubjectTemplate.check("The subject", "{summary} {app} {env} {image} {reason} {ticket}", "[skip ci]");
        assertThat(
                rejected("{sumary}", ""),
                is("The subject has an unknown placeholder {sumary}. Use {summary}, {app}, {env}, {image}, {reason} or"
                        + " {ticket}."));
        assertThat(
                rejected("{app}\n", ""),
                is("The subject is not one line of at most 200 characters. Remove line breaks and control characters,"
                        + " and shorten it."));
        assertThat(
                rejected("{app}", "x".repeat(51)),
                is("The subject (suffix) is not one line of at most 50 characters. Remove line breaks and control"
                        + " characters, and shorten it."));
    }

    @Test
    public void ticketIsTheFirstMatchInTheFirstTextThatHasOne() throws Exception {
        assertThat(ticket(TicketPattern.DEFAULT, "OPS-12: Release", "OPS-13"), is("OPS-12"));
        assertThat(ticket(TicketPattern.DEFAULT, null, "feature/OPS-13-login"), is("OPS-13"));
        assertThat(ticket("\\B#([0-9]+)", "fixes #42"), is("42"));
        assertThat(ticket(TicketPattern.DEFAULT, "no ticket"), is("none"));
        assertThat(ticket("(?s).*", "x".repeat(60)), is("none"));
        assertThat(ticket("(a*)*b", "a".repeat(100_000)), is("none"));
        UserErrorException e = assertThrows(UserErrorException.class, () -> TicketPattern.of("[A-Z"));
        assertThat(e.getMessage().startsWith("The pattern of tickets is not a regular expression: "), is(true));
        assertThrows(UserErrorException.class, () -> TicketPattern.of("x".repeat(201)));
    }

    private static String ticket(String pattern, String... texts) throws UserErrorException {
        return TicketPattern.of(pattern).find(Arrays.asList(texts)).orElse("none");
    }

    private static String rejected(String template, String suffix) {
        return assertThrows(UserErrorException.class, () -> SubjectTemplate.check("The subject", template, suffix))
                .getMessage();
    }

    private static String subject(String text, String suffix, @CheckForNull String ticket) {
        return template(text, suffix, ticket).subject(plan());
    }

    private static SubjectTemplate template(String text, String suffix, @CheckForNull String ticket) {
        return new SubjectTemplate(text, suffix, ticket);
    }

    private static ChangePlan plan() {
        Trailers trailers = trailers("api/dev").with(Trailers.IMAGE, IMAGE).with(Trailers.REASON, "OPS-12: Release");
        return new ChangePlan(Map.of(), "Set api in dev to v2", trailers);
    }

    private static Trailers trailers(String target) {
        return Trailers.none().with(Trailers.TARGET, target);
    }
}
