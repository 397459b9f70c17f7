package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.GitAccess;
import io.jenkins.plugins.gitops.core.git.Plan;
import io.jenkins.plugins.gitops.core.git.Trailers;
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

/** A clone of the example repository behind a real Git server, with short words for what tests do to it. */
final class ExampleClone extends ExternalResource {
    static final String APP = "payments-api";
    static final String IMAGE = "ghcr.io/myorg/payments-api";
    static final String DEV_FILE = "services/payments-api/overlays/dev/image-tag.yaml";

    private final TemporaryFolder folder;
    private final List<Runnable> waiting = new ArrayList<>();
    private GitHttpServer server;
    private OtherCommits others;
    private ConfigRepository repository;
    private boolean paused;
    private int operations;

    /** @param folder its rule is the outer one */
    ExampleClone(TemporaryFolder folder) {
        this.folder = folder;
    }

    @Override
    protected void before() throws Throwable {
        Path bare = folder.newFolder("bare").toPath();
        ExampleRepository.create(bare.resolve("platform.git"));
        others = new OtherCommits(bare.resolve("platform.git"));
        server = GitHttpServer.start(bare, null, null, 0);
        repository = ConfigRepository.open(
                folder.newFolder("cache").toPath(),
                server.url("platform.git"),
                "main",
                "",
                GitAccess.ANONYMOUS,
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

    /** What is asked for from here on is written as one group. */
    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        waiting.forEach(Runnable::run);
        waiting.clear();
    }

    ConfigRepository repository() {
        return repository;
    }

    /** To write as other people do; fetch afterwards. */
    OtherCommits others() {
        return others;
    }

    String tip() {
        return repository.tip().orElseThrow();
    }

    String text(String file) throws Exception {
        return new String(repository.files(tip()).read(file).orElseThrow(), StandardCharsets.UTF_8);
    }

    Target target(String environment) throws Exception {
        return Delivery.load(repository.files(tip())).target(APP, environment);
    }

    /** The name of an operation that no other one has. */
    String operation() {
        return "op-" + ++operations;
    }

    static Origin origin(String operation) {
        return new Origin(operation, null, "alice", "because");
    }

    static SetImage setImage(String environment, String tag, String operation) {
        return new SetImage(APP, environment, new ImageRequest(null, tag, null), origin(operation));
    }

    ChangeResult set(String environment, String tag, String operation) throws Exception {
        return submit(operation, setImage(environment, tag, operation));
    }

    ChangeResult set(String environment, String image, String tag, String operation) throws Exception {
        return submit(operation, new SetImage(APP, environment, new ImageRequest(image, tag, null), origin(operation)));
    }

    ChangeResult set(String environment, String tag) throws Exception {
        return set(environment, tag, operation());
    }

    ChangeResult promote(String from, String to, Origin origin) throws Exception {
        Promotion promotion = Promotion.prepare(repository.files(tip()), tip(), APP, from, to);
        return submit(
                origin.operationId(),
                new Promote(
                        promotion,
                        List.of(),
                        (policy, people) ->
                                new ApprovalGate(policy, Set.of(), UnaryOperator.identity(), UnaryOperator.identity()),
                        origin));
    }

    /** Brings a tag by way of dev and staging to production, where bob approves. */
    ChangeResult release(String tag, String approver) throws Exception {
        set("dev", tag);
        promote("dev", "staging", origin(operation()));
        return approved("staging", "production", approver);
    }

    ChangeResult approved(String from, String to, String approver) throws Exception {
        Promotion promotion = Promotion.prepare(repository.files(tip()), tip(), APP, from, to);
        String operation = operation();
        return submit(
                operation,
                new Promote(
                        promotion,
                        List.of(new Approval(approver, Set.of())),
                        (policy, people) ->
                                new ApprovalGate(policy, Set.of(), UnaryOperator.identity(), UnaryOperator.identity()),
                        origin(operation)));
    }

    ChangeResult rollback(String environment, String to, boolean hold, String operation) throws Exception {
        return submit(operation, new Rollback(APP, environment, to, hold, origin(operation)));
    }

    ChangeResult hold(String environment) throws Exception {
        String operation = operation();
        return submit(operation, new HoldTarget(APP, environment, origin(operation)));
    }

    ChangeResult release(String environment) throws Exception {
        String operation = operation();
        return submit(operation, new ReleaseTarget(APP, environment, origin(operation)));
    }

    /** A commit as other people make it, with these trailers beside an operation. */
    ChangeResult byHand(String file, String content, Trailers trailers) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        String operation = trailers.first(Trailers.OPERATION).orElseGet(this::operation);
        return submit(operation, tip -> new Plan(Map.of(file, bytes), "by hand", trailers));
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
