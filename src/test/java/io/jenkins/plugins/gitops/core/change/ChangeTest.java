package io.jenkins.plugins.gitops.core.change;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.core.await.CloneGitFacts;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.GitFacts;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;

/** Changes to the example repository on a real Git server. */
public class ChangeTest {
    private static final String APP = "payments-api";
    private static final String IMAGE = "ghcr.io/myorg/payments-api";
    private static final String STAGING_FILE = "services/payments-api/overlays/staging/image-tag.yaml";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private GitHttpServer server;
    private ConfigRepository repository;
    private int operations;

    @Before
    public void setUp() throws Exception {
        Path bare = folder.newFolder("bare").toPath();
        ExampleRepository.create(bare.resolve("platform.git"));
        server = GitHttpServer.start(bare, null, null, 0);
        repository = ConfigRepository.open(
                folder.newFolder("cache").toPath(),
                server.url("platform.git"),
                "main",
                "",
                GitCredentials.ANONYMOUS,
                Runnable::run);
        repository.fetch();
    }

    @After
    public void tearDown() {
        repository.close();
        server.close();
    }

    @Test
    public void setImageChangesTheTagAndDescribesItInTheCommit() throws Exception {
        String before = text(STAGING_FILE);
        ChangeResult result = setImage("staging", "sha-1");
        assertThat(result.changed(), is(true));
        assertThat(result.files(), is(List.of(STAGING_FILE)));
        assertThat(text(STAGING_FILE), is(before.replace("sha-a1b2c3d", "sha-1")));
        CommitInfo commit = newest();
        assertThat(commit.revision(), is(result.revision()));
        assertThat(commit.subject(), is("payments-api/staging: set image ghcr.io/myorg/payments-api to sha-1"));
        assertThat(commit.authorName(), is("alice"));
        assertThat(
                commit.trailers(),
                is(Trailers.none()
                        .with("Gitops-Operation", "op-1")
                        .with("Gitops-Target", "payments-api/staging")
                        .with("Gitops-Build", "job #1")
                        .with("Gitops-Requested-By", "alice")
                        .with("Gitops-Reason", "because")
                        .with("Gitops-Image", IMAGE + ":sha-a1b2c3d -> " + IMAGE + ":sha-1")));
        assertThat(
                ImageChange.of(commit.trailers()),
                is(List.of(new ImageChange(
                        ImageReference.parse(IMAGE + ":sha-a1b2c3d"), ImageReference.parse(IMAGE + ":sha-1")))));
    }

    @Test
    public void unchangedImageMakesNoCommit() throws Exception {
        String tip = tip();
        ChangeResult result = setImage("staging", "sha-a1b2c3d");
        assertThat(result.changed(), is(false));
        assertThat(result.revision(), is(tip));
        assertThat(repository.fetch(), is(tip));
    }

    @Test
    public void sameOperationNeverCommitsTwice() throws Exception {
        ChangePlanner planner = setImagePlanner("staging", "sha-1", "op-1");
        ChangeResult first = submit("op-1", planner);
        ChangeResult second = submit("op-1", planner);
        assertThat(second.revision(), is(first.revision()));
        assertThat(second.changed(), is(true));
        assertThat(second.trailers(), is(first.trailers()));
        assertThat(tip(), is(first.revision()));
    }

    @Test
    public void environmentWithApprovalRejectsSetImage() {
        refuses(
                "Environment production requires approval in gitops.yaml. Promote the image with gitopsPromote.",
                () -> setImage("production", "sha-1"));
    }

    @Test
    public void imageMustBeNamedAmongSeveral() throws Exception {
        append(STAGING_FILE, "- name: ghcr.io/myorg/sidecar\n  newTag: \"1\"\n");
        refuses(
                "payments-api/staging has 2 images: ghcr.io/myorg/payments-api, ghcr.io/myorg/sidecar. Select one with"
                        + " image.",
                () -> setImage("staging", "sha-1"));
    }

    @Test
    public void promotionCopiesAllImagesOfTheSource() throws Exception {
        setImage("dev", "sha-1");
        PromotionPlan promotionPlan = prepare("dev", "staging");
        assertThat(promotionPlan.isNeeded(), is(true));
        assertThat(promotionPlan.images(), is(List.of(ImageReference.parse(IMAGE + ":sha-1"))));
        assertThat(promotionPlan.previous(), is(List.of(ImageReference.parse(IMAGE + ":sha-a1b2c3d"))));
        ChangeResult result = promote(promotionPlan, List.of());
        assertThat(text(STAGING_FILE).contains("newTag: \"sha-1\""), is(true));
        assertThat(newest().subject(), is("payments-api/staging: promote sha-1 from dev"));
        assertThat(
                result.trailers().first(Trailers.PROMOTED_FROM).orElseThrow(),
                is("payments-api/dev@" + promotionPlan.sourceRevision()));
        assertThat(prepare("dev", "staging").isNeeded(), is(false));
    }

    @Test
    public void onlyReviewedImagesArePromotedAfterTheSourceMovedOn() throws Exception {
        setImage("dev", "sha-1");
        PromotionPlan promotionPlan = prepare("dev", "staging");
        setImage("dev", "sha-2");
        promote(promotionPlan, List.of());
        assertThat(text(STAGING_FILE).contains("newTag: \"sha-1\""), is(true));
    }

    @Test
    public void environmentsArePromotedInOrder() {
        refuses(
                "production is promoted from staging, not from dev (gitops.yaml). Promote from staging.",
                () -> prepare("dev", "production"));
        refuses(
                "An environment cannot be promoted to itself: dev. Name two environments.",
                () -> prepare("dev", "dev"));
    }

    @Test
    public void promotionWithoutEnoughApprovalsIsRejected() throws Exception {
        setImage("staging", "sha-1");
        PromotionPlan promotionPlan = prepare("staging", "production");
        String tip = tip();
        String message =
                "Promotion of payments-api/production lacks approval: 0 of 1 approvals by group payments-leads,"
                        + " user bob. Request the promotion again and have it approved.";
        refuses(message, () -> promote(promotionPlan, List.of()));
        refuses(message, () -> promote(promotionPlan, List.of(new Approval("mallory", Set.of()))));
        assertThat(repository.fetch(), is(tip));
        ChangeResult result = promote(promotionPlan, List.of(new Approval("bob", Set.of())));
        assertThat(result.trailers().all(Trailers.APPROVED_BY), is(List.of("bob")));
    }

    @Test
    public void policyTightenedMeanwhileApplies() throws Exception {
        setImage("staging", "sha-1");
        PromotionPlan promotionPlan = prepare("staging", "production");
        replace("gitops.yaml", "users: [bob]\n    count: 1", "users: [bob, carol]\n    count: 2");
        refuses(
                "Promotion of payments-api/production lacks approval: 1 of 2 approvals by group payments-leads, user"
                        + " bob, user carol. Request the promotion again and have it approved.",
                () -> promote(promotionPlan, List.of(new Approval("bob", Set.of()))));
    }

    @Test
    public void destinationChangedMeanwhileIsNotOverwritten() throws Exception {
        setImage("dev", "sha-1");
        PromotionPlan promotionPlan = prepare("dev", "staging");
        setImage("staging", "sha-9");
        refuses(
                "payments-api/staging has changed since the promotion was requested: it had"
                        + " [ghcr.io/myorg/payments-api:sha-a1b2c3d] and now has"
                        + " [ghcr.io/myorg/payments-api:sha-9]. Request the promotion again.",
                () -> promote(promotionPlan, List.of()));
        assertThat(text(STAGING_FILE).contains("sha-9"), is(true));
    }

    @Test
    public void imageUnknownToTheDestinationIsRejected() throws Exception {
        setImage("dev", "sha-1");
        append("services/payments-api/overlays/dev/image-tag.yaml", "- name: ghcr.io/myorg/sidecar\n  newTag: \"1\"\n");
        refuses(
                "services/payments-api/overlays/staging/image-tag.yaml: payments-api/staging has no entry for image"
                        + " ghcr.io/myorg/sidecar of payments-api/dev. Add the entry in Git, then promote again.",
                () -> prepare("dev", "staging"));
    }

    @Test
    public void rollbackGoesBackOneStepEachTimeAndNeverForward() throws Exception {
        setImage("dev", "sha-1");
        ChangeResult bad = setImage("dev", "sha-2");
        ChangeResult back = rollback("dev", null);
        assertThat(devTag(), is("sha-1"));
        assertThat(newest().subject(), is("payments-api/dev: roll back to sha-1"));
        assertThat(back.trailers().first(Trailers.ROLLBACK_OF).orElseThrow(), is(bad.revision()));
        rollback("dev", null);
        assertThat(devTag(), is("sha-a1b2c3d"));
        refuses(
                "payments-api/dev never had another image. Name a revision or tag that the history of"
                        + " services/payments-api/overlays/dev shows.",
                () -> rollback("dev", null));
    }

    @Test
    public void rollbackToATagOrRevisionOfTheHistory() throws Exception {
        ChangeResult first = setImage("dev", "sha-1");
        setImage("dev", "sha-2");
        setImage("dev", "sha-3");
        rollback("dev", first.revision().substring(0, 8));
        assertThat(devTag(), is("sha-1"));
        rollback("dev", "sha-2");
        assertThat(devTag(), is("sha-2"));
        refuses(
                "payments-api/dev never had \"sha-9\". Name a revision or tag that the history of"
                        + " services/payments-api/overlays/dev shows.",
                () -> rollback("dev", "sha-9"));
    }

    @Test
    public void desiredStateIsCurrentUntilReplaced() throws Exception {
        ChangeResult mine = setImage("dev", "sha-1");
        ChangeResult elsewhere = setImage("staging", "sha-1");
        CloneGitFacts state = desired(mine);
        assertThat(state.isAtOrAfterChange(elsewhere.revision()), is(true));
        assertThat(state.hasExpectedImages(elsewhere.revision()), is(true));
        assertThat(state.supersedingChange() == null, is(true));

        ChangeResult next = setImage("dev", "sha-2");
        state = desired(mine);
        assertThat(state.hasExpectedImages(next.revision()), is(false));
        assertThat(state.supersedingChange().revision(), is(next.revision()));
        assertThat(state.supersedingChange().isRevert(), is(false));
        assertThat(state.contains("9".repeat(40)), is(false));
    }

    @Test
    public void desiredStateDistinguishesRevertFromReplacement() throws Exception {
        ChangeResult mine = setImage("dev", "sha-1");
        ChangeResult back = rollback("dev", null);
        setImage("dev", "sha-5");
        CloneGitFacts state = desired(mine);
        assertThat(state.supersedingChange().revision(), is(back.revision()));
        assertThat(state.supersedingChange().isRevert(), is(true));
    }

    @Test
    public void desiredStateRecognizesARemoval() throws Exception {
        ChangeResult mine = setImage("dev", "sha-1");
        String dev = "services/payments-api/overlays/dev/";
        String file = dev + "image-tag.yaml";
        ChangePlan removal = new ChangePlan(
                Map.of(),
                Set.of(dev + "kustomization.yaml", file),
                "drop",
                Trailers.none().with(Trailers.OPERATION, "op-drop"));
        ChangeResult gone = submit("op-drop", tip -> removal);
        CloneGitFacts state = desired(mine);
        assertThat(state.hasExpectedImages(gone.revision()), is(false));
        assertThat(state.supersedingChange(), is(new GitFacts.SupersedingChange(gone.revision(), "drop", false, true)));
    }

    @Test
    public void desiredStateNamesTheCommitThatMovedTheImageElsewhere() throws Exception {
        ChangeResult mine = setImage("dev", "sha-1");
        String file = "services/payments-api/overlays/dev/image-tag.yaml";
        write(file, text(file).replace("sha-1", "sha-2").replace("images:", "images: # by hand"));
        CloneGitFacts state = desired(mine);
        assertThat(state.supersedingChange().revision(), is(tip()));
        assertThat(state.supersedingChange().summary(), is("by hand"));
    }

    @Test
    public void anotherImageOfTheTargetMayChange() throws Exception {
        append(STAGING_FILE, "- name: ghcr.io/myorg/sidecar\n  newTag: \"1\"\n");
        ChangeResult mine = submit(
                "op-a", new SetImagePlanner(APP, "staging", new ImageRequest(IMAGE, "sha-1", null), origin("op-a")));
        ChangeResult other = submit(
                "op-b",
                new SetImagePlanner(
                        APP, "staging", new ImageRequest("ghcr.io/myorg/sidecar", "2", null), origin("op-b")));
        assertThat(desired(mine).hasExpectedImages(other.revision()), is(true));
    }

    private CloneGitFacts desired(ChangeResult change) throws Exception {
        return new CloneGitFacts(repository, expectation(change));
    }

    private Expectation expectation(ChangeResult change) throws Exception {
        String id = change.trailers().first(Trailers.TARGET).orElseThrow();
        Target target = Delivery.load(repository.files(change.revision())).target(APP, id.substring(APP.length() + 1));
        List<ImageReference> images =
                ImageChange.of(change.trailers()).stream().map(ImageChange::to).toList();
        return new Expectation(target, change.revision(), images, true);
    }

    private ChangeResult setImage(String environment, String tag) throws Exception {
        String operation = "op-" + ++operations;
        return submit(operation, setImagePlanner(environment, tag, operation));
    }

    private static SetImagePlanner setImagePlanner(String environment, String tag, String operation) {
        return new SetImagePlanner(APP, environment, new ImageRequest(null, tag, null), origin(operation));
    }

    private PromotionPlan prepare(String from, String to) throws Exception {
        return PromotionPlan.prepare(repository.files(tip()), tip(), APP, from, to);
    }

    private ChangeResult promote(PromotionPlan promotionPlan, List<Approval> approvals) throws Exception {
        String operation = "op-" + ++operations;
        return submit(
                operation,
                new PromotionPlanner(
                        promotionPlan,
                        approvals,
                        (policy, people) -> new ApprovalGate(
                                policy, Set.of("alice"), UnaryOperator.identity(), UnaryOperator.identity()),
                        origin(operation)));
    }

    private ChangeResult rollback(String environment, String to) throws Exception {
        String operation = "op-" + ++operations;
        return submit(operation, new RollbackPlanner(APP, environment, to, false, origin(operation)));
    }

    private ChangeResult submit(String operation, ChangePlanner planner) throws Exception {
        try {
            return repository
                    .submit(new Change(operation, new Author("alice", "alice@example.com"), planner))
                    .get();
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private void append(String file, String text) throws Exception {
        write(file, text(file) + text);
    }

    private void replace(String file, String from, String to) throws Exception {
        write(file, text(file).replace(from, to));
    }

    private void write(String file, String content) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        String operation = "op-" + ++operations;
        submit(
                operation,
                tip -> new ChangePlan(
                        Map.of(file, bytes), "by hand", Trailers.none().with(Trailers.OPERATION, operation)));
    }

    private String text(String file) throws Exception {
        return new String(repository.files(tip()).read(file).orElseThrow(), StandardCharsets.UTF_8);
    }

    private String devTag() throws Exception {
        return prepare("dev", "staging").images().get(0).tag();
    }

    private CommitInfo newest() throws Exception {
        return repository.log(tip(), "", 1).get(0);
    }

    private String tip() {
        return repository.tip().orElseThrow();
    }

    private static ChangeMetadata origin(String operation) {
        return new ChangeMetadata(operation, "job #1", "alice", "because");
    }

    private static void refuses(String message, ThrowingRunnable call) {
        assertThat(assertThrows(UserErrorException.class, call).getMessage(), startsWith(message));
    }
}
