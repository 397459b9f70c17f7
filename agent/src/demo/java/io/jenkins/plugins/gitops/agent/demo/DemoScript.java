package io.jenkins.plugins.gitops.agent.demo;

import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.change.PromotionPlan;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.model.ShortRevision;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The demo from beginning to end: an image is promoted through dev and staging and, once a second person approves, to
 * production; then a bad image is deployed to dev, does not become ready, and is rolled back, which holds the target. A
 * step that does not do what it announced ends the demo.
 */
final class DemoScript {
    private static final String APPLICATION = "payments-api";
    private static final String GOOD = "sha-d4e5f6a";
    private static final String BAD = "sha-broken0";
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final DemoPipeline demoPipeline;
    private final ConfigRepository repository;
    private final Console console;

    DemoScript(DemoPipeline demoPipeline, ConfigRepository repository, Console console) {
        this.demoPipeline = demoPipeline;
        this.repository = repository;
        this.console = console;
    }

    /** Thrown by a step that did not do what it announced. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /** The interaction with the person who runs the demo. */
    interface Console {
        void step(String title);

        void line(String text);

        /** Asks for the approval of a second person. Returns the approver's id; null if rejected. */
        String approver(PromotionPlan promotion) throws IOException;
    }

    void run() throws UserErrorException, IOException, InterruptedException, FailedException {
        bringUp();
        deliver();
        rollBack();
    }

    private void bringUp() throws UserErrorException, IOException, InterruptedException, FailedException {
        console.step("The agents sync each cluster with Git");
        String tip = repository.fetch();
        for (Target target : Delivery.load(repository.files(tip)).targets()) {
            if (target.application().equals(APPLICATION)) {
                live(demoPipeline.await(new Expectation(target, tip, List.of(), true), TIMEOUT));
            }
        }
    }

    private void deliver() throws UserErrorException, IOException, InterruptedException, FailedException {
        console.step("gitopsSetImage app: '" + APPLICATION + "', env: 'dev', tag: '" + GOOD + "'");
        await("dev", wrote(demoPipeline.setImage(APPLICATION, "dev", GOOD)));

        console.step("gitopsPromote app: '" + APPLICATION + "', from: 'dev', to: 'staging'");
        await("staging", wrote(demoPipeline.promote(demoPipeline.prepare(APPLICATION, "dev", "staging"), List.of())));

        console.step("gitopsPromote app: '" + APPLICATION + "', from: 'staging', to: 'production'");
        PromotionPlan promotionPlan = demoPipeline.prepare(APPLICATION, "staging", "production");
        requireRefusedWithoutApproval(promotionPlan);
        String approver = console.approver(promotionPlan);
        if (approver == null) {
            throw new FailedException("The promotion to production was not approved; production was not changed");
        }
        await("production", wrote(demoPipeline.promote(promotionPlan, List.of(new Approval(approver, Set.of())))));
    }

    private void requireRefusedWithoutApproval(PromotionPlan promotionPlan)
            throws IOException, InterruptedException, FailedException {
        try {
            demoPipeline.promote(promotionPlan, List.of());
        } catch (UserErrorException e) {
            console.line(e.getMessage());
            return;
        }
        throw new FailedException("The promotion to production was written without approval");
    }

    private void rollBack() throws UserErrorException, IOException, InterruptedException, FailedException {
        console.step("A bad image: gitopsSetImage app: '" + APPLICATION + "', env: 'dev', tag: '" + BAD + "'");
        Verdict verdict =
                demoPipeline.await(APPLICATION, "dev", wrote(demoPipeline.setImage(APPLICATION, "dev", BAD)), TIMEOUT);
        if (!(verdict instanceof Verdict.Failed)) {
            throw new FailedException("The bad image should have failed, but: " + verdict.summary());
        }
        console.step("gitopsRollback app: '" + APPLICATION + "', env: 'dev'");
        await("dev", wrote(demoPipeline.rollback(APPLICATION, "dev", verdict.summary())));
        requireHeld();
    }

    private void requireHeld() throws IOException, InterruptedException, FailedException {
        try {
            demoPipeline.setImage(APPLICATION, "dev", BAD);
        } catch (UserErrorException e) {
            console.line(e.getMessage());
            return;
        }
        throw new FailedException(
                "The bad image was written again, although the rollback holds " + APPLICATION + "/dev");
    }

    private ChangeResult wrote(ChangeResult result) throws FailedException {
        if (!result.changed()) {
            throw new FailedException("Nothing was committed, but a change was expected");
        }
        console.line("committed " + ShortRevision.of(result.revision()) + "  " + String.join(", ", result.files()));
        return result;
    }

    private void await(String environment, ChangeResult change)
            throws UserErrorException, IOException, InterruptedException, FailedException {
        live(demoPipeline.await(APPLICATION, environment, change, TIMEOUT));
    }

    private static void live(Verdict verdict) throws FailedException {
        if (!(verdict instanceof Verdict.Live)) {
            throw new FailedException("Not live: " + verdict.summary());
        }
    }
}
