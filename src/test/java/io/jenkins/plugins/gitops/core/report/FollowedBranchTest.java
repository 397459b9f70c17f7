package io.jenkins.plugins.gitops.core.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.report.Report.ApplicationStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.Test;

/** Which reports of a folder apply to a target, if the folder is a different target on each branch. */
public class FollowedBranchTest {
    private static final String REPOSITORY = "git.example.com/config";
    private static final Target TARGET = new Target("web", "production", "apps/web", null);

    private static List<String> found(Target target, String... branches) {
        List<ApplicationStatus> all = Arrays.stream(branches)
                .map(branch -> ApplicationStatusBuilder.of("on-" + branch)
                        .at("https://git.example.com/config.git", "apps/web")
                        .branch(branch.isEmpty() ? null : branch)
                        .observedAt("2026-01-01T00:00:00Z")
                        .build())
                .toList();
        return new StatusIndex(AgentKind.AGENT, "agent", all)
                .ofTarget(Set.of(REPOSITORY), target).stream()
                        .map(ApplicationStatus::name)
                        .toList();
    }

    @Test
    public void onlyApplicationsOfTheTargetsBranchCount() {
        Target production = TARGET.withBranch(new TreeBranch("env/production", "main"));
        assertThat(
                found(production, "main", "env/production", "refs/heads/env/production"),
                contains("on-env/production", "on-refs/heads/env/production"));
        assertThat(found(production, "main"), empty());
        assertThat(
                found(TARGET.withBranch(TreeBranch.ofPolicy("main")), "main", "env/production"), contains("on-main"));
    }

    @Test
    public void applicationOfAnUnknownBranchCounts() {
        Target production = TARGET.withBranch(new TreeBranch("env/production", "main"));
        assertThat(found(production, "", "HEAD", "a".repeat(40)).size(), is(3));
    }

    @Test
    public void everyApplicationOfTheFolderCountsWhereThereAreNoBranches() {
        assertThat(found(TARGET, "main", "other"), contains("on-main", "on-other"));
    }

    @Test
    public void namedApplicationCountsWhateverItFollows() {
        Target named = TARGET.withBranch(new TreeBranch("env/production", "main"))
                .withAgent(new AgentReference(AgentKind.AGENT, "agent", "on-main", null, false));
        assertThat(found(named, "main", "env/production"), contains("on-main"));
    }
}
