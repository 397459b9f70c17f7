package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.model.UserIds;
import io.jenkins.plugins.gitops.core.promotion.Contributor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects contributors; merges the contributions of the same person. */
final class ContributorCollector {
    private final Map<String, Contributor> byKey = new LinkedHashMap<>();

    /** Adds a Jenkins user; ignores ids that are not those of a person. */
    void addUser(String id, Contributor.Contribution contribution) {
        if (UserIds.isPerson(id)) {
            add("id " + id, new Contributor(id, null, null, List.of(contribution)));
        }
    }

    /** Adds a person from a trailer: {@code Name <mail>}, or the id of a user. */
    void addNamed(String text, Contributor.Contribution contribution) {
        if (text.indexOf('<') < 0) {
            addUser(text, contribution);
        } else {
            addAuthor(Author.parse(text), contribution);
        }
    }

    /** Adds a Git identity. */
    void addAuthor(Author author, Contributor.Contribution contribution) {
        if (!author.name().isBlank() || !author.email().isBlank()) {
            add(
                    "git " + author.email().toLowerCase(Locale.ROOT) + " " + author.name(),
                    new Contributor(null, author.name(), author.email(), List.of(contribution)));
        }
    }

    private void add(String key, Contributor contributor) {
        Contributor known = byKey.get(key);
        if (known == null) {
            byKey.put(key, contributor);
        } else if (!known.parts().containsAll(contributor.parts())) {
            List<Contributor.Contribution> parts = new ArrayList<>(known.parts());
            parts.addAll(contributor.parts());
            byKey.put(key, new Contributor(known.id(), known.name(), known.mail(), parts));
        }
    }

    List<Contributor> list() {
        return List.copyOf(byKey.values());
    }
}
