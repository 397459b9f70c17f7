package io.jenkins.plugins.gitops.core.change;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.Trailers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** A loosened approval policy is reported for a while, regardless of the author of the commit. */
public class LoosenedApprovalsTest {
    private static final String HEAD = """
            apiVersion: gitops.jenkins.io/v1alpha1
            kind: Delivery
            environments:
            - name: dev
            - name: production
            """;

    private final TemporaryFolder folder = new TemporaryFolder();
    private final ExampleClone clone = new ExampleClone(folder);
    private int writes;

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(clone);

    private void write(String text) throws Exception {
        Map<String, byte[]> files =
                text == null ? Map.of() : Map.of("gitops.yaml", text.getBytes(StandardCharsets.UTF_8));
        Set<String> removed = text == null ? Set.of("gitops.yaml") : Set.of();
        String subject = text == null ? "Remove the policy\u202e" : "Change the policy";
        clone.repository()
                .submit(new Change(
                        "policy-" + ++writes,
                        new Author("Mallory", "mallory@example.com"),
                        tip -> new ChangePlan(files, removed, subject, Trailers.none())))
                .get(1, TimeUnit.MINUTES);
    }

    private List<String> lost(Instant now) throws Exception {
        return LoosenedApprovals.find(clone.repository(), clone.tip(), now);
    }

    private static String approval(int count) {
        return HEAD + "  approval: {groups: [leads], count: " + count + "}\n";
    }

    @Test
    public void deletedPolicyFileIsReportedForThirtyDays() throws Exception {
        assertThat(lost(Instant.now()), empty());
        write(approval(2));
        assertThat(lost(Instant.now()), empty());
        write(null);
        List<String> lines = lost(Instant.now());
        assertThat(
                lines,
                contains(startsWith(
                        "gitops.yaml: production no longer requires approval, previously 2 of group leads, since ")));
        assertThat(lines.get(0), containsString("\"Remove the policy\" by Mallory"));
        assertThat(lost(Instant.now().plus(31, ChronoUnit.DAYS)), empty());
    }

    @Test
    public void loosenedApprovalIsReportedUntilRestored() throws Exception {
        write(approval(2));
        write(approval(1));
        assertThat(
                lost(Instant.now()),
                contains(startsWith("gitops.yaml: production requires 1 approvals, previously 2 of")));
        write(HEAD);
        assertThat(
                lost(Instant.now()), contains(containsString("production no longer requires approval, previously 1")));
        write(HEAD.replace("dev", "qa"));
        assertThat("another change does not hide it", lost(Instant.now()).size() == 1);
        write(approval(3));
        assertThat(lost(Instant.now()), empty());
    }

    @Test
    public void invalidPolicyFileIsNotReportedAsLoosened() throws Exception {
        write(approval(2));
        write("kind: [");
        assertThat(lost(Instant.now()), empty());
    }
}
