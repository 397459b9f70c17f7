package io.jenkins.plugins.gitops.core.change;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.ServedRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import io.jenkins.plugins.gitops.core.promotion.Contributor;
import io.jenkins.plugins.gitops.core.testkit.BranchedRepository;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Changes, promotions, rollbacks and history across the branches of one real repository. */
public class EnvironmentBranchesTest {
    private static final String FILE = "apps/web/kustomization.yaml";
    private static final String POLICY = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n"
            + "applications: [{path: \"apps/{app}\"}]\n"
            + "environments:\n"
            + "- {name: dev, branch: env/dev}\n"
            + "- {name: staging, branch: env/staging, promoteFrom: dev}\n"
            + "- {name: production, branch: env/production, promoteFrom: staging}\n";
    private static final String APPROVAL =
            POLICY.replace("promoteFrom: staging}", "promoteFrom: staging, approval: {users: [bob, alice, carol]}}");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Map<String, ConfigRepository> open = new HashMap<>();
    private BranchedRepository remote;
    private int operations;

    @Before
    public void createBranches() throws Exception {
        remote = BranchedRepository.create(folder.getRoot().toPath().resolve("config.git"));
        remote.commit("main", "ann", Map.of(Delivery.FILE, POLICY));
        for (String environment : List.of("dev", "staging", "production")) {
            // Pushing to an environment's branch does not change the policy.
            remote.commit("env/" + environment, "ann", Map.of(FILE, images("v1"), Delivery.FILE, "kind: nothing\n"));
        }
        policy().fetch();
    }

    @After
    public void close() {
        open.values().forEach(ConfigRepository::close);
    }

    private static String images(String tag) {
        return "# kept\nimages:\n- name: o/web\n  newTag: " + tag + "\n";
    }

    private ConfigRepository policy() {
        return branch("main");
    }

    private ConfigRepository branch(String name) {
        return open.computeIfAbsent(name, n -> {
            try {
                return ConfigRepository.open(
                        folder.getRoot().toPath().resolve("cache"),
                        remote.path().toString(),
                        n,
                        "test",
                        GitCredentials.ANONYMOUS,
                        Runnable::run,
                        ServedRepository.QUICK,
                        n.equals("main") ? null : this::policy);
            } catch (UserErrorException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private ConfigRepository fetched(String environment) throws Exception {
        ConfigRepository branch = branch("env/" + environment);
        branch.fetch();
        return branch;
    }

    private ChangeResult submit(String environment, String operation, ChangePlanner planner) throws Exception {
        try {
            return branch("env/" + environment)
                    .submit(new Change(operation, new Author("Jenkins", "jenkins@example.com"), planner))
                    .get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private ChangeMetadata metadata(String operation, String user) {
        return new ChangeMetadata(operation, null, user, "because");
    }

    private ChangeResult set(String environment, String tag, String operation) throws Exception {
        return submit(
                environment,
                operation,
                new SetImagePlanner(
                        "web", environment, new ImageRequest(null, tag, null), metadata(operation, "alice")));
    }

    private ChangeResult set(String environment, String tag) throws Exception {
        return set(environment, tag, "op-" + ++operations);
    }

    private PromotionPlan plan(String from, String to) throws Exception {
        ConfigRepository source = fetched(from);
        ConfigRepository destination = fetched(to);
        String tip = source.tip().orElseThrow();
        return PromotionPlan.prepare(
                source.files(tip), tip, destination.files(destination.tip().orElseThrow()), "web", from, to, List.of());
    }

    private ChangeResult promote(PromotionPlan plan, String user, String... approvers) throws Exception {
        String operation = "op-" + ++operations;
        return submit(
                plan.destination().environment(),
                operation,
                new PromotionPlanner(
                        plan,
                        List.of(approvers).stream()
                                .map(approver -> new Approval(approver, Set.of()))
                                .toList(),
                        (policy, people) -> new ApprovalGate(
                                policy, ids(people), UnaryOperator.identity(), UnaryOperator.identity()),
                        name -> branch(name == null ? "main" : name).revisions(),
                        metadata(operation, user)));
    }

    private static Set<String> ids(List<Contributor> people) {
        return Set.copyOf(people.stream()
                .map(one -> one.id() == null ? String.valueOf(one.name()) : one.id())
                .toList());
    }

    @Test
    public void imageIsSetOnTheBranchOfItsEnvironmentOnly() throws Exception {
        String main = remote.tip("main");
        String staging = remote.tip("env/staging");
        ChangeResult result = set("dev", "v2", "op");
        assertThat(result.changed(), is(true));
        assertThat(remote.tip("env/dev"), is(result.revision()));
        assertThat(remote.text("env/dev", FILE), is(images("v2")));
        assertThat(List.of(remote.tip("main"), remote.tip("env/staging")), is(List.of(main, staging)));
        // The same operation is found on this branch.
        assertThat(set("dev", "v2", "op").revision(), is(result.revision()));
        assertThat(remote.tip("env/dev"), is(result.revision()));
    }

    @Test
    public void policyIsFetchedBeforeEachChange() throws Exception {
        set("production", "v2");
        remote.commit("main", "ann", Map.of(Delivery.FILE, APPROVAL));
        assertThat(
                assertThrows(UserErrorException.class, () -> set("production", "v3"))
                        .getMessage(),
                startsWith("Environment production requires approval in gitops.yaml"));
        remote.commit("main", "ann", Map.of(Delivery.FILE, POLICY));
        assertThat(set("production", "v3").changed(), is(true));
        remote.commit("main", "ann", Map.of(Delivery.FILE, POLICY.replace("env/production", "live")));
        assertThat(
                assertThrows(UserErrorException.class, () -> set("production", "v4"))
                        .getMessage(),
                is("gitops.yaml:7:30: web in production is on branch live, and not on env/production. Run it again:"
                        + " gitops.yaml has changed."));
        assertThat(remote.text("env/production", FILE), is(images("v3")));
    }

    @Test
    public void promotionCopiesFromOneBranchToAnother() throws Exception {
        String source = set("dev", "v2").revision();
        ChangeResult result = promote(plan("dev", "staging"), "alice");
        assertThat(remote.text("env/staging", FILE), is(images("v2")));
        assertThat(result.trailers().first("Gitops-Promoted-From").orElseThrow(), is("web/dev@" + source));
        assertThat(remote.text("env/production", FILE), is(images("v1")));

        ConfigRepository staging = fetched("staging");
        String tip = staging.tip().orElseThrow();
        List<HistoryEntry> history = TargetHistory.newestFirst(
                staging, Delivery.load(staging.files(tip)).target("web", "staging"), tip, 10);
        assertThat(
                history.stream().map(HistoryEntry::kind).toList(),
                contains(HistoryEntry.EntryKind.PROMOTION, HistoryEntry.EntryKind.EXTERNAL));
    }

    @Test
    public void authorsOnAllBranchesThatAnImageCameThroughCannotApprove() throws Exception {
        remote.commit("env/dev", "mallory", Map.of(FILE, images("v2")));
        set("dev", "v3");
        promote(plan("dev", "staging"), "carol");
        remote.commit("main", "ann", Map.of(Delivery.FILE, APPROVAL));
        policy().fetch();
        PromotionPlan plan = plan("staging", "production");
        ConfigRepository production = branch("env/production");
        List<Contributor> people = Contributors.of(
                production, production.tip().orElseThrow(), plan, name -> branch(name == null ? "main" : name)
                        .revisions());
        assertThat(ids(people), is(Set.of("carol", "alice", "mallory", "Jenkins")));
        for (String author : List.of("alice", "carol")) {
            assertThat(
                    assertThrows(UserErrorException.class, () -> promote(plan, "dave", author))
                            .getMessage(),
                    containsString("lacks approval"));
        }
        assertThat(promote(plan, "dave", "bob").changed(), is(true));
        assertThat(remote.text("env/production", FILE), is(images("v3")));
    }

    @Test
    public void promotionWhoseSourceIsNotKnownHasNoApprovers() throws Exception {
        set("dev", "v3");
        promote(plan("dev", "staging"), "carol");
        PromotionPlan plan = plan("staging", "production");
        ConfigRepository production = branch("env/production");
        UserErrorException failure = assertThrows(
                UserErrorException.class,
                () -> Contributors.of(production, production.tip().orElseThrow(), plan, name -> branch(
                                "env/dev".equals(name) ? "main" : name)
                        .revisions()));
        assertThat(failure.getMessage(), containsString("It is not possible to determine who wrote what"));
        assertThat(failure.getMessage(), containsString("Promote again when that branch has been fetched"));
    }

    @Test
    public void sourceThatMovedToAnotherBranchIsPromotedAgain() throws Exception {
        set("dev", "v2");
        PromotionPlan plan = plan("dev", "staging");
        remote.commit("main", "ann", Map.of(Delivery.FILE, POLICY.replace("env/dev", "develop")));
        assertThat(
                assertThrows(UserErrorException.class, () -> promote(plan, "alice"))
                        .getMessage(),
                is("The branch of web/dev has changed in gitops.yaml since the promotion was requested. Request the"
                        + " promotion again."));
    }

    @Test
    public void rollbackRestoresWhatTheBranchHadAndHoldsTheTargetThere() throws Exception {
        set("production", "v2");
        set("production", "v3");
        set("dev", "v9");
        String operation = "op-back";
        submit(
                "production",
                operation,
                new RollbackPlanner("web", "production", null, true, metadata(operation, "alice")));
        assertThat(remote.text("env/production", FILE), is(images("v2")));
        assertThat(
                assertThrows(UserErrorException.class, () -> set("production", "v4"))
                        .getMessage(),
                containsString("web/production is held by alice"));
        assertThat(set("dev", "v10").changed(), is(true));
        assertThat(
                assertThrows(
                                UserErrorException.class,
                                () -> submit(
                                        "production",
                                        "op-never",
                                        new RollbackPlanner(
                                                "web", "production", "v9", true, metadata("op-never", "alice"))))
                        .getMessage(),
                containsString("web/production never had \"v9\""));
    }

    @Test
    public void missingBranchIsNotMadeAndTheMessageNamesThePlaceInThePolicy() throws Exception {
        set("dev", "v2");
        remote.delete("env/staging");
        String message = assertThrows(UserErrorException.class, () -> set("staging", "v2"))
                .getMessage();
        assertThat(message, startsWith("gitops.yaml:6:27: There is no branch \"env/staging\" in "));
        assertThat(message, containsString("Create it with a first commit, or name another one"));
        assertThat(remote.has("env/staging"), is(false));
        assertThat(set("dev", "v3").changed(), is(true));
    }

    @Test
    public void otherWritersOfABranchAreNotOverwritten() throws Exception {
        fetched("dev");
        remote.commit("env/dev", "bob", Map.of("apps/shop/kustomization.yaml", images("v1")));
        ChangeResult result = set("dev", "v2");
        assertThat(remote.tip("env/dev"), is(result.revision()));
        assertThat(remote.text("env/dev", "apps/shop/kustomization.yaml"), is(images("v1")));
        assertThat(result.files(), hasItem(FILE));
        assertThat(result.files(), not(hasItem(Delivery.FILE)));
    }
}
