package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import io.jenkins.plugins.gitops.core.promotion.ApprovalGate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A clone of the example repository on a real Git server, with short methods for the operations of tests. */
public final class ExampleClone extends ExternalResource {
    public static final String APP = "payments-api";
    public static final String IMAGE = "ghcr.io/myorg/payments-api";
    public static final String DEV_FILE = "services/payments-api/overlays/dev/image-tag.yaml";

    private final TemporaryFolder folder;
    private final List<Runnable> waiting = new ArrayList<>();
    private GitHttpServer server;
    private ExternalCommits others;
    private ConfigRepository repository;
    private boolean paused;
    private int operations;

    /**
     * Creates the rule.
     *
     * @param folder must be the outer rule
     */
    public ExampleClone(TemporaryFolder folder) {
        this.folder = folder;
    }

    @Override
    protected void before() throws Throwable {
        Path bare = folder.newFolder("bare").toPath();
        ExampleRepository.create(bare.resolve("platform.git"));
        others = new ExternalCommits(bare.resolve("platform.git"));
        server = GitHttpServer.start(bare, null, null, 0);
        repository = ConfigRepository.open(
                folder.newFolder("cache").toPath(),
                server.url("platform.git"),
                "main",
                "",
                GitCredentials.ANONYMOUS,
                this::run);
        repository.fetch();
    }

    @Override
    protected void after() {
        repository.close();
        server.close();
        others.close();
    }

    private void run(Runnable task) {
        if (paused) {
            waiting.add(task);
        } else {
            task.run();
        }
    }

    /** Makes the following changes wait until they are pushed as one group. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        waiting.forEach(Runnable::run);
        waiting.clear();
    }

    public ConfigRepository repository() {
        return repository;
    }

    /** Returns commits by other authors; fetch after using them. */
    ExternalCommits others() {
        return others;
    }

    public String tip() {
        return repository.tip().orElseThrow();
    }

    public String text(String file) throws Exception {
        return new String(repository.files(tip()).read(file).orElseThrow(), StandardCharsets.UTF_8);
    }

    public Target target(String environment) throws Exception {
        return Delivery.load(repository.files(tip())).target(APP, environment);
    }

    /** Returns a new operation id. */
    public String operation() {
        return "op-" + ++operations;
    }

    static ChangeMetadata origin(String operation) {
        return new ChangeMetadata(operation, null, "alice", "because");
    }

    static SetImagePlanner setImage(String environment, String tag, String operation) {
        return new SetImagePlanner(APP, environment, new ImageRequest(null, tag, null), origin(operation));
    }

    ChangeResult set(String environment, String tag, String operation) throws Exception {
        return submit(operation, setImage(environment, tag, operation));
    }

    ChangeResult set(String environment, String image, String tag, String operation) throws Exception {
        return submit(
                operation,
                new SetImagePlanner(APP, environment, new ImageRequest(image, tag, null), origin(operation)));
    }

    public ChangeResult set(String environment, String tag) throws Exception {
        return set(environment, tag, operation());
    }

    ChangeResult promote(String from, String to, ChangeMetadata changeMetadata) throws Exception {
        PromotionPlan promotionPlan = PromotionPlan.prepare(repository.files(tip()), tip(), APP, from, to);
        return submit(
                changeMetadata.operationId(),
                new PromotionPlanner(
                        promotionPlan,
                        List.of(),
                        (policy, people) ->
                                new ApprovalGate(policy, Set.of(), UnaryOperator.identity(), UnaryOperator.identity()),
                        changeMetadata));
    }

    /** Promotes a tag through dev and staging to production with this approver. */
    ChangeResult release(String tag, String approver) throws Exception {
        set("dev", tag);
        promote("dev", "staging", origin(operation()));
        return approved("staging", "production", approver);
    }

    ChangeResult approved(String from, String to, String approver) throws Exception {
        PromotionPlan promotionPlan = PromotionPlan.prepare(repository.files(tip()), tip(), APP, from, to);
        String operation = operation();
        return submit(
                operation,
                new PromotionPlanner(
                        promotionPlan,
                        List.of(new Approval(approver, Set.of())),
                        (policy, people) ->
                                new ApprovalGate(policy, Set.of(), UnaryOperator.identity(), UnaryOperator.identity()),
                        origin(operation)));
    }

    public ChangeResult rollback(String environment, String to, boolean hold, String operation) throws Exception {
        return submit(operation, new RollbackPlanner(APP, environment, to, hold, origin(operation)));
    }

    ChangeResult hold(String environment) throws Exception {
        String operation = operation();
        return submit(operation, new HoldPlanner(APP, environment, origin(operation)));
    }

    ChangeResult release(String environment) throws Exception {
        String operation = operation();
        return submit(operation, new ReleasePlanner(APP, environment, origin(operation)));
    }

    /** Commits as other people do, with these trailers but without an operation id. */
    public ChangeResult byHand(String file, String content, Trailers trailers) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        String operation = trailers.first(Trailers.OPERATION).orElseGet(this::operation);
        return submit(operation, tip -> new ChangePlan(Map.of(file, bytes), "by hand", trailers));
    }

    /** One more container in the base of the application, unless it is there, in a commit by hand. */
    void addToBase(String image) throws Exception {
        String file = "services/payments-api/base/deployment.yaml";
        String text = text(file);
        if (!text.contains("image: " + image + "\n")) {
            String container = "      containers:\n      - name: more\n        image: " + image + "\n";
            byHand(file, text.replace("      containers:\n", container), Trailers.none());
        }
    }

    CompletableFuture<ChangeResult> ask(String operation, ChangePlanner planner) {
        return repository.submit(new Change(operation, new Author("alice", "alice@example.com"), planner));
    }

    ChangeResult submit(String operation, ChangePlanner planner) throws Exception {
        return result(ask(operation, planner));
    }

    static ChangeResult result(CompletableFuture<ChangeResult> asked) throws Exception {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }
}
