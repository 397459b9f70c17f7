package io.jenkins.plugins.gitops.agent.observe;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.core.await.GitFacts;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commits of a recorded situation, newest first, with the image of each. */
final class RecordedHistory implements GitFacts {
    private final Map<String, JsonNode> commits = new LinkedHashMap<>();
    private final Map<String, Boolean> included = new HashMap<>();
    private final String expected;
    private final List<ImageReference> images;

    /**
     * Creates the history.
     *
     * @param at the time in seconds; newer commits do not exist yet
     */
    RecordedHistory(JsonNode history, String expected, List<ImageReference> images, double at) {
        this.expected = expected;
        this.images = images;
        for (JsonNode commit : history) {
            if (commit.path("at").asDouble() <= at) {
                commits.put(commit.path("commit").asText(), commit);
            }
        }
    }

    @Override
    public String branch() {
        return "main";
    }

    @Override
    public List<ImageReference> images() {
        return images;
    }

    @Override
    public boolean isOffBranch(String revision) {
        return contains(revision) && isElsewhere(commits.get(revision));
    }

    private static boolean isElsewhere(JsonNode commit) {
        return commit.hasNonNull("onlyOn");
    }

    @Override
    public String tip() {
        return commits.values().stream()
                .filter(commit -> !isElsewhere(commit))
                .findFirst()
                .orElseThrow()
                .path("commit")
                .asText();
    }

    @Override
    public boolean contains(String revision) {
        return commits.containsKey(revision);
    }

    @Override
    public boolean isAtOrAfterChange(String revision) {
        if (revision.equals(expected)) {
            return true;
        }
        if (!contains(revision)) {
            return false;
        }
        Boolean known = included.get(revision);
        if (known == null) {
            known = false;
            for (JsonNode parent : commits.get(revision).path("parents")) {
                known |= isAtOrAfterChange(parent.asText());
            }
            included.put(revision, known);
        }
        return known;
    }

    @Override
    public boolean hasExpectedImages(String revision) {
        return image(revision).equals(image(expected));
    }

    private String image(String revision) {
        return contains(revision) ? commits.get(revision).path("image").asText() : "";
    }

    @Override
    public SupersedingChange supersedingChange() {
        return null;
    }
}
