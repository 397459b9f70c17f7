package io.jenkins.plugins.gitops.core.change;

import static io.jenkins.plugins.gitops.core.change.ExampleClone.APP;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.DEV_FILE;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.IMAGE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import io.jenkins.plugins.gitops.core.promotion.Contributor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

public class ContributorsTest {
    private final TemporaryFolder folder = new TemporaryFolder();
    private final ExampleClone clone = new ExampleClone(folder);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(clone);

    @Test
    public void contributorsOfEveryPromotionAreListed() throws Exception {
        ChangeResult set = set("dev", "sha-1", "alice", "Ann <ann@example.com>", "ursula");
        ChangeResult staged = promote("dev", "staging", "bob");
        List<Contributor> people = people("staging", "production");
        assertThat(shown(people), is("bob, alice, Ann <ann@example.com>, ursula"));
        assertThat(
                people.get(0).describe(),
                is("requested payments-api/staging in " + staged.revision().substring(0, 8)));
        assertThat(
                people.get(2).describe(),
                is("wrote what is shipped by payments-api/dev in "
                        + set.revision().substring(0, 8)));
        assertThat(
                people.get(2).parts(),
                is(List.of(new Contributor.Contribution(
                        Contributor.ContributionKind.AUTHORED, "payments-api/dev", set.revision()))));
    }

    @Test
    public void allChangesBetweenRunningAndNewImageCount() throws Exception {
        set("dev", "sha-0", "zoe");
        promote("dev", "staging", "yves");
        approve("xenia");
        set("dev", "sha-1", "alice");
        set("dev", "sha-2", "bob");
        promote("dev", "staging", "carol");
        set("dev", "sha-3", "dave");
        submit("erik", changeMetadata -> new RollbackPlanner(APP, "dev", null, false, changeMetadata));
        set("dev", "sha-4", "frank");
        promote("dev", "staging", "grace");
        set("dev", "sha-5", "later");
        assertThat(
                "nobody of what runs already or does not come",
                shown(people("staging", "production")),
                is("grace, frank, erik, dave, carol, bob, alice"));
        assertThat(shown(people("dev", "staging")), is("later"));
    }

    @Test
    public void contributorsAreFoundAcrossRegistries() throws Exception {
        useRegistry("staging", "ghcr.io/myorg");
        useRegistry("production", "ghcr.io/staging");
        set("dev", "sha-0", "zoe");
        promote("dev", "staging", "yves");
        approve("xenia");
        set("dev", "sha-1", "alice", "Ann <ann@example.com>");
        promote("dev", "staging", "carl");
        set("dev", "sha-2", "later");
        assertThat(
                "nobody of what runs already or does not come",
                shown(people("staging", "production")),
                is("carl, alice, Ann <ann@example.com>"));
        approve("carol");
        assertThat(
                clone.text(DEV_FILE.replace("/dev/", "/production/")),
                containsString("ghcr.io/production/payments-api\n  newTag: \"sha-1\""));
    }

    /** Makes an environment pull its images from a registry with its name. */
    private void useRegistry(String environment, String from) throws Exception {
        String file = DEV_FILE.replace("/dev/", "/" + environment + "/");
        String to = "ghcr.io/" + environment;
        clone.byHand(file, clone.text(file).replace("ghcr.io/myorg", to), Trailers.none());
        String name = "- name: " + environment + "\n";
        String policy = clone.text("gitops.yaml");
        clone.byHand(
                "gitops.yaml",
                policy.replace(name, name + "  registries: {" + from + ": " + to + "}\n"),
                Trailers.none());
    }

    @Test
    public void buildsWithoutAPersonContributeNobody() throws Exception {
        set("dev", "sha-1", "anonymous");
        promote("dev", "staging", "SYSTEM");
        assertThat(people("staging", "production"), is(List.of()));
    }

    @Test
    public void manualCommitsNameTheirAuthorsAndCommitters() throws Exception {
        String dev = clone.text(DEV_FILE);
        ObjectId main = clone.others().tip();
        ObjectId side = clone.others()
                .commit(
                        ExternalCommits.CAROL,
                        ExternalCommits.DAVE,
                        "wip\n\nCo-authored-by: Eve <eve@example.com>\n",
                        DEV_FILE,
                        dev.replace("sha-a1b2c3d", "sha-wip"),
                        main);
        ObjectId unrelated = clone.others().commit(person("Olga"), "unrelated", "README.md", "x", side);
        ObjectId done =
                clone.others().commit(person("Paul"), "done", DEV_FILE, dev.replace("sha-a1b2c3d", "sha-1"), unrelated);
        clone.others()
                .push(clone.others()
                        .commit(person("Mia"), "Merge", DEV_FILE, dev.replace("sha-a1b2c3d", "sha-1"), main, done));
        clone.repository().fetch();
        promote("dev", "staging", "bob");
        assertThat(names(people("staging", "production")), is(Set.of("bob", "Mia", "Paul", "Carol", "Dave", "Eve")));
    }

    private static PersonIdent person(String name) {
        return new PersonIdent(name, name + "@example.com");
    }

    @Test
    public void commitIsTrustedWhereItsFilesAgree() throws Exception {
        set("dev", "sha-1", "alice");
        String staging = DEV_FILE.replace("/dev/", "/staging/");
        Trailers forged = Trailers.none()
                .with(Trailers.OPERATION, "op-forged")
                .with(Trailers.TARGET, APP + "/staging")
                .with(Trailers.IMAGE, "-> " + IMAGE + ":sha-evil")
                .with(Trailers.REQUESTED_BY, "victim");
        String evil = clone.text(staging).replace("sha-a1b2c3d", "sha-evil");
        for (Trailers trailers : List.of(
                // dev never had it
                forged.with(Trailers.PROMOTED_FROM, APP + "/dev@" + clone.tip()),
                forged.with(Trailers.PROMOTED_FROM, APP + "/dev@" + "9".repeat(40)),
                forged.with(Trailers.PROMOTED_FROM, "nothing"),
                // another image
                Trailers.none()
                        .with(Trailers.OPERATION, "op-forged")
                        .with(Trailers.TARGET, APP + "/staging")
                        .with(Trailers.IMAGE, "-> " + IMAGE + ":sha-good")
                        .with(Trailers.REQUESTED_BY, "victim"))) {
            ObjectId before = clone.others().tip();
            push(ExternalCommits.CAROL, trailers, staging, evil);
            push(
                    ExternalCommits.DAVE,
                    forged.with(Trailers.OPERATION, "op-empty").with(Trailers.AUTHOR, "Victim <victim@example.com>"),
                    null,
                    null);
            assertThat(trailers.toString(), shown(people("staging", "production")), is("Carol <carol@example.com>"));
            clone.others().push(before);
            clone.repository().fetch();
        }
    }

    private void push(PersonIdent author, Trailers trailers, String file, String content) throws Exception {
        clone.others()
                .push(clone.others()
                        .commit(
                                author,
                                trailers.message("x"),
                                file,
                                content,
                                clone.others().tip()));
        clone.repository().fetch();
    }

    @Test
    public void tooLongHistoryIsRejected() throws Exception {
        String dev = clone.text(DEV_FILE);
        ObjectId commit = clone.others().tip();
        for (int i = 0; i < 501; i++) {
            commit = clone.others()
                    .commit(ExternalCommits.CAROL, "x", DEV_FILE, dev.replace("sha-a1b2c3d", "sha-" + i), commit);
        }
        clone.others().push(commit);
        clone.repository().fetch();
        assertThat(
                assertThrows(UserErrorException.class, () -> people("dev", "staging"))
                        .getMessage(),
                is("It is not possible to determine who wrote what payments-api/staging would get: there are more"
                        + " than 500 changes of payments-api/dev in between. Set payments-api/staging in Git to an"
                        + " image that payments-api/dev had within its last 500 changes, then promote again."));
        promote("dev", "staging", "bob");
        set("dev", "sha-next", "alice");
        assertThat(shown(people("dev", "staging")), is("alice"));
    }

    @Test
    public void truncatedAuthorListIsRejected() throws Exception {
        List<String> authors = new ArrayList<>();
        for (int i = 0; i < 201; i++) {
            authors.add(ChangeMetadata.author("a" + i, "a" + i + "@example.com"));
        }
        set("dev", "sha-1", "alice", authors.toArray(new String[0]));
        assertThat(
                assertThrows(UserErrorException.class, () -> people("dev", "staging"))
                        .getMessage(),
                containsString("has more authors than it lists"));
    }

    @Test
    public void gateIsReevaluatedWithContributorsOfTheTip() throws Exception {
        set("dev", "sha-1", "alice", "bob");
        promote("dev", "staging", "carol");
        PromotionPlan promotionPlan =
                PromotionPlan.prepare(clone.repository().files(clone.tip()), clone.tip(), APP, "staging", "production");
        String message = assertThrows(
                        UserErrorException.class,
                        () -> submit("dave", changeMetadata -> promotion(promotionPlan, "bob", changeMetadata)))
                .getMessage();
        assertThat(message, containsString("lacks approval: 0 of 1 approvals"));
    }

    private static PromotionPlanner promotion(
            PromotionPlan promotionPlan, String approver, ChangeMetadata changeMetadata) {
        return new PromotionPlanner(
                promotionPlan,
                List.of(new Approval(approver, Set.of())),
                (policy, people) -> new ApprovalGate(
                        policy,
                        people.stream().map(Contributor::displayName).collect(Collectors.toSet()),
                        UnaryOperator.identity(),
                        UnaryOperator.identity()),
                changeMetadata);
    }

    private List<Contributor> people(String from, String to) throws Exception {
        return Contributors.of(
                clone.repository(),
                PromotionPlan.prepare(clone.repository().files(clone.tip()), clone.tip(), APP, from, to));
    }

    private static String shown(List<Contributor> people) {
        return people.stream().map(Contributor::displayName).collect(Collectors.joining(", "));
    }

    private static Set<String> names(List<Contributor> people) {
        return people.stream()
                .map(contributor -> contributor.id() == null ? contributor.name() : contributor.id())
                .collect(Collectors.toSet());
    }

    private ChangeResult set(String environment, String tag, String requester, String... authors) throws Exception {
        String operation = clone.operation();
        ChangeMetadata changeMetadata =
                new ChangeMetadata(operation, null, requester, "because", Arrays.asList(authors));
        return submit(
                changeMetadata,
                new SetImagePlanner(APP, environment, new ImageRequest(null, tag, null), changeMetadata));
    }

    private ChangeResult promote(String from, String to, String requester) throws Exception {
        PromotionPlan promotionPlan =
                PromotionPlan.prepare(clone.repository().files(clone.tip()), clone.tip(), APP, from, to);
        return submit(requester, changeMetadata -> promotion(promotionPlan, "nobody", changeMetadata));
    }

    private void approve(String requester) throws Exception {
        PromotionPlan promotionPlan =
                PromotionPlan.prepare(clone.repository().files(clone.tip()), clone.tip(), APP, "staging", "production");
        submit(requester, changeMetadata -> promotion(promotionPlan, "bob", changeMetadata));
    }

    private interface Planner {
        ChangePlanner of(ChangeMetadata origin);
    }

    private ChangeResult submit(String requester, Planner planner) throws Exception {
        ChangeMetadata changeMetadata = new ChangeMetadata(clone.operation(), null, requester, "because");
        return submit(changeMetadata, planner.of(changeMetadata));
    }

    /** Submits a change as Jenkins does. */
    private ChangeResult submit(ChangeMetadata changeMetadata, ChangePlanner planner) throws Exception {
        Author author = Author.ofUser(changeMetadata.requestedBy(), changeMetadata.requestedBy());
        return ExampleClone.result(
                clone.repository().submit(new Change(changeMetadata.operationId(), author, planner)));
    }
}
