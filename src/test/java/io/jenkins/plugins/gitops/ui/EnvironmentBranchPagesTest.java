package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.config.GitopsConfiguration;
import io.jenkins.plugins.gitops.config.GitopsUrls;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.testkit.BranchedRepository;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import io.jenkins.plugins.gitops.repository.TargetStates;
import io.jenkins.plugins.gitops.repository.TargetStates.RepositoryState;
import io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule;
import io.jenkins.plugins.gitops.testkit.GitopsTestConfiguration;
import io.jenkins.plugins.gitops.testkit.Polling;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.junit.rules.TestRule;

/** Dashboard, target page and check of a repository whose environments are on several branches. */
public class EnvironmentBranchPagesTest {
    private static final String FILE = "apps/web/kustomization.yaml";
    private static final String POLICY = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n"
            + "applications: [{path: \"apps/{app}\"}]\n"
            + "environments:\n- name: dev\n- {name: production, branch: env/production}\n";

    @ClassRule
    public static final GitopsJenkinsRule J = new GitopsJenkinsRule();

    @Rule
    public final TestRule each = J.eachTest();

    @Rule
    public final TestName name = new TestName();

    private BranchedRepository remote;
    private RepositoryConfiguration configuration;

    @Before
    public void createBranches() throws Exception {
        String repository = name.getMethodName() + "-branches";
        remote = BranchedRepository.create(J.server().repository(repository).folder());
        remote.commit("main", "ann", Map.of("gitops.yaml", POLICY, FILE, images("v2")));
        remote.commit("env/production", "ann", Map.of(FILE, images("v1")));
        // The state in memory is that of a repository of this name.
        configuration = GitopsTestConfiguration.repository(
                "pages-" + System.nanoTime(), J.server().repository(repository).url());
        GitopsConfiguration.get().setRepositories(List.of(configuration));
        fetch();
    }

    private void fetch() throws Exception {
        RepositoryFetcher.get().fetchNow(configuration).get(1, TimeUnit.MINUTES);
    }

    private static String images(String tag) {
        return "images: [{name: o/web, newTag: " + tag + "}]\n";
    }

    private RepositoryState state() {
        return TargetStates.get().of(configuration).orElse(null);
    }

    private static List<String> targets(RepositoryState state) {
        return state.targets().stream()
                .map(one -> one.target().id() + " " + one.images())
                .toList();
    }

    @Test
    public void dashboardShowsTheTargetsOfAllBranches() throws Exception {
        // The first fetch of the policy has the branches fetched that it names.
        Polling.until(() -> state() != null && state().targets().size() == 2);
        assertThat(targets(state()), contains("web/dev [o/web:v2]", "web/production [o/web:v1]"));
        assertThat(state().warnings(), empty());

        remote.commit("main", "ann", Map.of("gitops.yaml", POLICY.replace("env/production", "live")));
        remote.commit("live", "ann", Map.of(FILE, images("v7")));
        fetch();
        Polling.until(() -> targets(state()).equals(List.of("web/dev [o/web:v2]", "web/production [o/web:v7]")));
    }

    @Test
    public void missingBranchIsAWarningAndTakesNoOtherTargetAlong() throws Exception {
        remote.commit("main", "ann", Map.of("gitops.yaml", POLICY.replace("env/production", "nowhere")));
        fetch();
        Polling.until(() -> state() != null && !state().warnings().isEmpty());
        assertThat(targets(state()), contains("web/dev [o/web:v2]"));
        assertThat(
                state().warnings().get(0),
                containsString("Branch nowhere: gitops.yaml:6:30: There is no branch \"nowhere\" in "));
        assertThat(state().problem(), is((String) null));
    }

    @Test
    public void targetPageHoldsTheTargetOnItsBranch() throws Exception {
        Polling.until(() -> state() != null && state().targets().size() == 2);
        String page = GitopsUrls.target(configuration.getName(), "web", "production");
        assertThat(WebClients.get(J, TestUsers.VIEWER, page).getContentAsString(), containsString("o/web:v1"));
        String main = remote.tip("main");

        WebClients.post(J, TestUsers.OPERATOR, page + "hold", Map.of("reason", "freeze"));

        assertThat(remote.text("env/production", ".gitops/holds/production/web.yaml"), containsString("freeze"));
        assertThat(remote.tip("main"), is(main));
        Polling.until(() -> state().targets().get(1).hold() != null);
    }

    @Test
    public void checkReadsAllBranches() throws Exception {
        Polling.until(() -> state() != null && state().targets().size() == 2);
        assertThat(
                RepositoryChecks.get()
                        .of(configuration)
                        .flatMap(check -> Optional.ofNullable(check.survey()))
                        .orElseThrow()
                        .targets()
                        .stream()
                        .map(target -> target.id() + " " + target.branch())
                        .toList(),
                contains("web/dev null", "web/production env/production"));
    }
}
