package io.jenkins.plugins.gitops.core.change;

import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.model.UserIds;
import io.jenkins.plugins.gitops.core.promotion.Person;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects people, each once, with all that they did. */
final class People {
    private final Map<String, Person> byKey = new LinkedHashMap<>();

    /** A user of Jenkins; ids that stand for nobody are left out. */
    void addUser(String id, Person.Part part) {
        if (UserIds.isPerson(id)) {
            add("id " + id, new Person(id, null, null, List.of(part)));
        }
    }

    /** What a trailer says: {@code Name <mail>}, or the id of a user. */
    void addNamed(String text, Person.Part part) {
        if (text.indexOf('<') < 0) {
            addUser(text, part);
        } else {
            addAuthor(Author.parse(text), part);
        }
    }

    /** An identity of Git. */
    void addAuthor(Author author, Person.Part part) {
        if (!author.name().isBlank() || !author.email().isBlank()) {
            add(
                    "git " + author.email().toLowerCase(Locale.ROOT) + " " + author.name(),
                    new Person(null, author.name(), author.email(), List.of(part)));
        }
    }

    private void add(String key, Person person) {
        Person known = byKey.get(key);
        if (known == null) {
            byKey.put(key, person);
        } else if (!known.parts().containsAll(person.parts())) {
            List<Person.Part> parts = new ArrayList<>(known.parts());
            parts.addAll(person.parts());
            byKey.put(key, new Person(known.id(), known.name(), known.mail(), parts));
        }
    }

    List<Person> list() {
        return List.copyOf(byKey.values());
    }
}
