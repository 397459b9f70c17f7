package io.jenkins.plugins.gitops.core.delivery;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The approvals that one version of {@code gitops.yaml} requires.
 *
 * @param byEnvironment in the file's order; without environments that require none
 */
public record DeclaredApprovals(Map<String, ApprovalPolicy> byEnvironment) {
    /** Used if there is no file. */
    public static final DeclaredApprovals NONE = new DeclaredApprovals(Map.of());

    /** @throws UserErrorException when the file is invalid */
    public static DeclaredApprovals parse(byte[] content) throws UserErrorException {
        List<Environment> environments =
                DeliveryFile.parse(Delivery.FILE, content).environments();
        Map<String, ApprovalPolicy> found = new LinkedHashMap<>();
        if (environments != null) {
            environments.stream().filter(e -> e.approval() != null).forEach(e -> found.put(e.name(), e.approval()));
        }
        return new DeclaredApprovals(found);
    }

    /**
     * How the approval of an environment was loosened in a later version.
     *
     * @return {@code needs no approval, before 2}; empty when it requires as many, or required none here
     */
    public Optional<String> lostIn(DeclaredApprovals later, String environment) {
        ApprovalPolicy before = byEnvironment.get(environment);
        if (before == null) {
            return Optional.empty();
        }
        ApprovalPolicy now = later.byEnvironment.get(environment);
        if (now == null) {
            return Optional.of(
                    "no longer requires approval, previously " + before.count() + " of " + before.describe());
        }
        return now.count() < before.count()
                ? Optional.of("requires " + now.count() + " approvals, previously " + before.count() + " of "
                        + before.describe())
                : Optional.empty();
    }
}
