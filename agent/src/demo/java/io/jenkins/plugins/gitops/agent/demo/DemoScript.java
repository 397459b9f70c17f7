package io.jenkins.plugins.gitops.agent.demo;

import io.jenkins.plugins.gitops.core.change.Promotion;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.RefusedException;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import io.jenkins.plugins.gitops.core.sync.Expectation;
import io.jenkins.plugins.gitops.core.sync.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The main job from beginning to end: an image goes to dev, staging and, once a second person agrees, to production; then
 * a bad image goes to dev, never gets ready, and is rolled back, which holds it. Each step either does what it says or ends the demo.
 */
final class DemoScript {
    private static final String APPLICATION = "payments-api";
    private static final String GOOD = "sha-d4e5f6a";
    private static final String BAD = "sha-broken0";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Deliveries deliveries;
    private final ConfigRepository repository;
    private final Console console;

    DemoScript(Deliveries deliveries, ConfigRepository repository, Console console) {
        this.deliveries = deliveries;
        this.repository = repository;
        this.console = console;
    }

    /** A step that did not do what it says. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /** Where the demo talks to a person. */
    interface Console {
        void step(String title);

        void line(String text);

        /** Asks a second person; the answer is the approver's id, or null for a no. */
        String approver(Promotion promotion) throws IOException;
    }

    void run() throws RefusedException, IOException, InterruptedException, FailedException {
        bringUp();
        deliver();
        rollBack();
    }

    private void bringUp() throws RefusedException, IOException, InterruptedException, FailedException {
        console.step("The agents bring each cluster to what Git says");
        String tip = repository.fetch();
        for (Target target : Delivery.load(repository.files(tip)).targets()) {
            if (target.application().equals(APPLICATION)) {
                live(deliveries.await(new Expectation(target, tip, List.of(), true), PATIENCE));
            }
        }
    }

    private void deliver() throws RefusedException, IOException, InterruptedException, FailedException {
        console.step("gitopsSetImage app: '" + APPLICATION + "', env: 'dev', tag: '" + GOOD + "'");
        await("dev", wrote(deliveries.setImage(APPLICATION, "dev", GOOD)));

        console.step("gitopsPromote app: '" + APPLICATION + "', from: 'dev', to: 'staging'");
        await("staging", wrote(deliveries.promote(deliveries.prepare(APPLICATION, "dev", "staging"), List.of())));

        console.step("gitopsPromote app: '" + APPLICATION + "', from: 'staging', to: 'production'");
        Promotion promotion = deliveries.prepare(APPLICATION, "staging", "production");
        requireRefusedWithoutApproval(promotion);
        String approver = console.approver(promotion);
        if (approver == null) {
            throw new FailedException("The promotion to production was not approved; production was left as it is");
        }
        await("production", wrote(deliveries.promote(promotion, List.of(new Approval(approver, Set.of())))));
    }

    private void requireRefusedWithoutApproval(Promotion promotion)
            throws IOException, InterruptedException, FailedException {
        try {
            deliveries.promote(promotion, List.of());
        } catch (RefusedException e) {
            console.line(e.getMessage());
            return;
        }
        throw new FailedException("The promotion to production was written without approval");
    }

    private void rollBack() throws RefusedException, IOException, InterruptedException, FailedException {
        console.step("A bad image: gitopsSetImage app: '" + APPLICATION + "', env: 'dev', tag: '" + BAD + "'");
        Verdict verdict =
                deliveries.await(APPLICATION, "dev", wrote(deliveries.setImage(APPLICATION, "dev", BAD)), PATIENCE);
        if (!(verdict instanceof Verdict.Failed)) {
            throw new FailedException("The bad image should have failed, but: " + verdict.summary());
        }
        console.step("gitopsRollback app: '" + APPLICATION + "', env: 'dev'");
        await("dev", wrote(deliveries.rollback(APPLICATION, "dev", verdict.summary())));
        requireHeld();
    }

    private void requireHeld() throws IOException, InterruptedException, FailedException {
        try {
            deliveries.setImage(APPLICATION, "dev", BAD);
        } catch (RefusedException e) {
            console.line(e.getMessage());
            return;
        }
        throw new FailedException("The bad image was written again, though the rollback holds " + APPLICATION + "/dev");
    }

    private ChangeResult wrote(ChangeResult result) throws FailedException {
        if (!result.changed()) {
            throw new FailedException("Nothing was committed, but a change was due");
        }
        console.line("committed " + result.revision().substring(0, 8) + "  " + String.join(", ", result.files()));
        return result;
    }

    private void await(String environment, ChangeResult change)
            throws RefusedException, IOException, InterruptedException, FailedException {
        live(deliveries.await(APPLICATION, environment, change, PATIENCE));
    }

    private static void live(Verdict verdict) throws FailedException {
        if (!(verdict instanceof Verdict.Live)) {
            throw new FailedException("Not live: " + verdict.summary());
        }
    }
}
