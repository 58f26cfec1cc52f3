"""Files in, validated values out: descriptions, licences, policies, waivers, working days."""
