package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.agent.application.ApplicationManifest;
import java.util.List;
import org.junit.Test;

/** The warning about a project that is not enforced is logged once for the agent. */
public class ProjectWarningsTest {
    private static final String WARNING = "AppProject default (apps/project.yaml:1:1) is not enforced";

    @Test
    public void warnsOnceForAllApplicationsAndRevisions() {
        ProjectWarnings warnings = new ProjectWarnings();

        assertThat(warnings.news(List.of(source("a", WARNING), source("b", WARNING))), is(List.of(WARNING)));
        assertThat(warnings.news(List.of(source("a", WARNING), source("c", WARNING))), is(List.of()));
        assertThat(warnings.news(List.of(source("a", null))), is(List.of()));
        assertThat("it is back", warnings.news(List.of(source("a", WARNING))), is(List.of(WARNING)));
    }

    private static ApplicationManifest source(String name, @CheckForNull String warning) {
        return new ApplicationManifest(name, "apps/" + name + ".yaml", name, null, null, null, false, warning);
    }
}
