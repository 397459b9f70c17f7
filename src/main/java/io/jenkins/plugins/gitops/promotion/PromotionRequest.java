package io.jenkins.plugins.gitops.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.RepositoryBinding;
import io.jenkins.plugins.gitops.core.change.PromotedImage;
import io.jenkins.plugins.gitops.core.change.PromotionPlan;
import io.jenkins.plugins.gitops.core.delivery.ApprovalPolicy;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.TreeBranch;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.promotion.Approval;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * A promotion that a build requested: what exactly would be written, who must approve, and the decisions so far.
 * Immutable, and stored with the run before anything is written, so that it survives a restart.
 */
@ExportedBean(defaultVisibility = 2)
public final class PromotionRequest implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The state of a request. */
    public enum State {
        PENDING,
        /** It has all required approvals, or requires none, but is not written yet. */
        APPROVED,
        /** It is written to Git. */
        PROMOTED,
        REJECTED,
        /** The build no longer waits for it: it was aborted, timed out or ended. */
        CANCELLED
    }

    private final String id;
    private final String operation;
    private final String repository;
    /** Null in requests that earlier versions stored. */
    private final RepositoryBinding binding;

    private final String application;
    private final String from;
    private final String to;
    private final String sourcePath;
    private final String destinationPath;
    /** The branches of the two targets and of the policy; null if all are on one, and in requests of earlier versions. */
    private final String sourceBranch;

    private final String destinationBranch;
    private final String policyBranch;
    private final ArrayList<String> images;
    /**
     * In the order of {@code images}; null in requests that earlier versions stored, where source and destination have
     * the same names.
     */
    private final ArrayList<String> sourceImages;

    private final ArrayList<String> previous;
    private final String sourceRevision;
    private final ArrayList<String> groups;
    private final ArrayList<String> users;
    private final int count;
    private final String requester;
    /** The ids that earlier versions stored; null in new requests. */
    private final ArrayList<String> excluded;
    /** Not null after {@link #readResolve}. */
    private final ExcludedPeople excludedPeople;

    private final String reason;
    private final long requestedAt;
    private final ArrayList<PromotionDecision> decisions;
    private final State state;

    private PromotionRequest(
            PromotionRequest from, ExcludedPeople excluded, List<PromotionDecision> decisions, State state) {
        this.id = from.id;
        this.operation = from.operation;
        this.repository = from.repository;
        this.binding = from.binding;
        this.application = from.application;
        this.from = from.from;
        this.to = from.to;
        this.sourcePath = from.sourcePath;
        this.destinationPath = from.destinationPath;
        this.sourceBranch = from.sourceBranch;
        this.destinationBranch = from.destinationBranch;
        this.policyBranch = from.policyBranch;
        this.images = from.images;
        this.sourceImages = from.sourceImages;
        this.previous = from.previous;
        this.sourceRevision = from.sourceRevision;
        this.groups = from.groups;
        this.users = from.users;
        this.count = from.count;
        this.requester = from.requester;
        this.excluded = null;
        this.excludedPeople = excluded;
        this.reason = from.reason;
        this.requestedAt = from.requestedAt;
        this.decisions = new ArrayList<>(decisions);
        this.state = state;
    }

    /**
     * Creates a request; it is approved at once if the policy requires no approval.
     *
     * @param operation the operation id of the step
     * @param repository the config repository; the promotion is written to no other
     * @param requester id of the person who requests it; {@code anonymous} when it was not a person
     * @param excluded all people whose approval does not count, including the requester
     * @param reason one sanitized line, see {@link TextSanitizer#line(String)}
     */
    public PromotionRequest(
            String operation,
            RepositoryBinding repository,
            PromotionPlan promotionPlan,
            String requester,
            ExcludedPeople excluded,
            @CheckForNull String reason) {
        ApprovalPolicy policy = promotionPlan.approval();
        this.id = UUID.randomUUID().toString();
        this.operation = operation;
        this.repository = repository.getName();
        this.binding = repository;
        this.application = promotionPlan.source().application();
        this.from = promotionPlan.source().environment();
        this.to = promotionPlan.destination().environment();
        this.sourcePath = promotionPlan.source().path();
        this.destinationPath = promotionPlan.destination().path();
        TreeBranch source = promotionPlan.source().branch();
        TreeBranch destination = promotionPlan.destination().branch();
        this.sourceBranch = source == null ? null : source.name();
        this.destinationBranch = destination == null ? null : destination.name();
        this.policyBranch = destination == null ? null : destination.policy();
        this.images = texts(promotionPlan.images());
        this.sourceImages = texts(promotionPlan.sourceImages());
        this.previous = texts(promotionPlan.previous());
        this.sourceRevision = promotionPlan.sourceRevision();
        this.groups = policy == null ? new ArrayList<>() : new ArrayList<>(policy.groups());
        this.users = policy == null ? new ArrayList<>() : new ArrayList<>(policy.users());
        this.count = policy == null ? 0 : policy.count();
        this.requester = requester;
        this.excluded = null;
        this.excludedPeople = excluded;
        this.reason = reason;
        this.requestedAt = System.currentTimeMillis();
        this.decisions = new ArrayList<>();
        this.state = policy == null ? State.APPROVED : State.PENDING;
    }

    private static ArrayList<String> texts(List<ImageReference> images) {
        ArrayList<String> texts = new ArrayList<>();
        images.forEach(i -> texts.add(i.toString()));
        return texts;
    }

    PromotionRequest with(PromotionDecision decision, State then) {
        List<PromotionDecision> more = new ArrayList<>(decisions);
        more.add(decision);
        return new PromotionRequest(this, excludedPeople, more, then);
    }

    PromotionRequest with(State then) {
        return new PromotionRequest(this, excludedPeople, decisions, then);
    }

    /** Converts requests of earlier versions, which stored ids without reasons. */
    private Object readResolve() {
        if (excludedPeople != null) {
            return this;
        }
        ExcludedPeople.Builder people = new ExcludedPeople.Builder();
        for (String person : excluded == null ? List.of(requester) : excluded) {
            people.add(
                    person,
                    person.equals(requester) ? ExcludedPerson.Role.REQUESTER : ExcludedPerson.Role.EARLIER_CHANGE,
                    null);
        }
        return new PromotionRequest(this, people.build(true), decisions, state);
    }

    /** The plan as it was prepared, for writing it. */
    public PromotionPlan toPromotion() throws UserErrorException {
        List<ImageReference> results = parse(images);
        List<ImageReference> sources = sourceImages == null ? results : parse(sourceImages);
        List<ImageReference> present = parse(previous);
        List<PromotedImage> promoted = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            String name = results.get(i).name();
            ImageReference before = present.stream()
                    .filter(image -> image.name().equals(name))
                    .findFirst()
                    .orElse(null);
            promoted.add(new PromotedImage(sources.get(i), results.get(i), before));
        }
        return new PromotionPlan(
                new Target(application, from, sourcePath, null).withBranch(branch(sourceBranch)),
                new Target(application, to, destinationPath, null).withBranch(branch(destinationBranch)),
                promoted,
                sourceRevision,
                policy());
    }

    @CheckForNull
    private TreeBranch branch(@CheckForNull String name) {
        return name == null ? null : new TreeBranch(name, policyBranch);
    }

    private static List<ImageReference> parse(List<String> texts) throws UserErrorException {
        List<ImageReference> parsed = new ArrayList<>();
        for (String text : texts) {
            parsed.add(ImageReference.parse(text));
        }
        return parsed;
    }

    /** The approval policy at the time of the request; null when no approval was required. */
    @CheckForNull
    public ApprovalPolicy policy() {
        return count == 0 ? null : new ApprovalPolicy(groups, users, count);
    }

    /** All approvals so far. */
    public List<Approval> approvals() {
        return decisions.stream()
                .filter(PromotionDecision::isApproved)
                .map(PromotionDecision::toApproval)
                .toList();
    }

    /** Ids of the people whose approval does not count. */
    public Set<String> excluded() {
        return excludedPeople.ids();
    }

    ExcludedPeople excludedPeople() {
        return excludedPeople;
    }

    /** The people whose approval does not count, and the reasons. */
    @Exported
    public List<ExcludedPerson> getExcluded() {
        return excludedPeople.people();
    }

    /** Authors who match no known user of this Jenkins, as recorded in their commits. They cannot be excluded. */
    @Exported
    public List<String> getUnknownAuthors() {
        return excludedPeople.unknown();
    }

    /** The only repository that the promotion may be written to; null in requests that earlier versions stored. */
    @CheckForNull
    @Exported
    public RepositoryBinding getBinding() {
        return binding;
    }

    /** Random and safe in a URL. */
    @Exported
    public String getId() {
        return id;
    }

    /** The operation id of the step. */
    public String getOperation() {
        return operation;
    }

    /** Increases with each decision, so that forms for an older version are detected as stale. */
    @Exported
    public int getVersion() {
        return decisions.size();
    }

    /** Name of the config repository in the global configuration. */
    @Exported
    public String getRepository() {
        return repository;
    }

    @Exported
    public String getApplication() {
        return application;
    }

    /** The source environment, where the images were verified. */
    @Exported
    public String getFrom() {
        return from;
    }

    /** The destination environment. */
    @Exported
    public String getTo() {
        return to;
    }

    /** The images to be written: {@code name:tag}, {@code name@digest}. */
    @Exported
    public List<String> getImages() {
        return Collections.unmodifiableList(images);
    }

    /**
     * The same images by the names that the source environment gives them; equal to {@link #getImages} where the names
     * are the same.
     */
    @Exported
    public List<String> getSourceImages() {
        return Collections.unmodifiableList(sourceImages == null ? images : sourceImages);
    }

    /** The images of the destination at the time of the request. */
    @Exported
    public List<String> getPrevious() {
        return Collections.unmodifiableList(previous);
    }

    /** The revision of the config repository that the request was prepared at, 40 hex digits. */
    @Exported
    public String getSourceRevision() {
        return sourceRevision;
    }

    /** The approval policy as text for people; empty when no approval is required. */
    @Exported
    public String getPolicy() {
        ApprovalPolicy policy = policy();
        return policy == null ? "" : policy.count() + " of " + policy.describe();
    }

    /** Id of the person who requested it; {@code anonymous} when it was not a person. */
    @Exported
    public String getRequester() {
        return requester;
    }

    /** Used by card.jelly. */
    public boolean isRequestedByPerson() {
        return !requester.equals(Jenkins.ANONYMOUS2.getName());
    }

    /** The reason for the request; null when none was given. */
    @CheckForNull
    @Exported
    public String getReason() {
        return reason;
    }

    /** Milliseconds since the epoch. */
    @Exported
    public long getRequestedAt() {
        return requestedAt;
    }

    /** All decisions, oldest first. */
    @Exported
    public List<PromotionDecision> getDecisions() {
        return Collections.unmodifiableList(decisions);
    }

    @Exported
    public State getState() {
        return state;
    }

    /** Used by Jelly views. */
    public boolean isPending() {
        return state == State.PENDING;
    }

    /** Whether it may still be written: it is pending, or approved but not written yet. */
    public boolean isOpen() {
        return state == State.PENDING || state == State.APPROVED;
    }
}
