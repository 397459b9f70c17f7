package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.ImageRule;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** An {@link ImageRule} as plain data that a Pipeline can store. */
final class StoredImageRule implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final ArrayList<String> files;
    private final ArrayList<String> tag;
    private final ArrayList<String> image;
    private final ArrayList<String> digest;
    private final ArrayList<String> repository;

    private StoredImageRule(ImageRule rule) {
        this.name = rule.name();
        this.files = new ArrayList<>(rule.files());
        this.tag = new ArrayList<>(rule.tag());
        this.image = new ArrayList<>(rule.image());
        this.digest = new ArrayList<>(rule.digest());
        this.repository = new ArrayList<>(rule.repository());
    }

    static ArrayList<StoredImageRule> of(List<ImageRule> rules) {
        ArrayList<StoredImageRule> stored = new ArrayList<>();
        rules.forEach(rule -> stored.add(new StoredImageRule(rule)));
        return stored;
    }

    /** @param stored null for none */
    static List<ImageRule> rules(@CheckForNull List<StoredImageRule> stored) {
        return stored == null
                ? List.of()
                : stored.stream().map(StoredImageRule::rule).toList();
    }

    private ImageRule rule() {
        return new ImageRule(name, files, tag, image, digest, repository);
    }
}
